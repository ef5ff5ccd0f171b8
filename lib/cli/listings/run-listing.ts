import { asyncScheduler, catchError, identity, ignoreElements, tap, throttleTime } from 'rxjs';
import type { Action } from '../command.js';
import { readFilter } from './filter-words.js';
import type { Closable, Listing, ListingOptions } from './listing.js';
import { readNamespaces } from './namespaces-of-call.js';
import { printer } from './print-objects.js';
import { UsageError } from '../run/usage-error.js';

/** The shortest time between two tables: a person reads no faster, and a table of all routes takes long to print. */
const PAUSE_MS = 100;

/** Returns the action of a command that lists objects. */
export function runListing<T, Net extends Closable>(listing: Listing<T, Net>): Action {
  return (call) => {
    const filter = readFilter(call.words, listing.word, listing.wordMayBeNumber);
    const options = call.options as ListingOptions;
    const isWatch = options.watch === true;
    return readNamespaces(listing, filter, options, call.output).pipe(
      isWatch ? throttleTime(PAUSE_MS, asyncScheduler, { leading: true, trailing: true }) : identity,
      catchError((error: unknown) => {
        throw isWrongFilter(error) ? new UsageError((error as Error).message + aboutWord(error, listing.word, call.words)) : error;
      }),
      tap(printer(listing, options, call)),
      ignoreElements(),
    );
  };
}

/** True for an error of a table about a property of the filter; the kernel was not asked. Its class may be of another copy of the library. */
function isWrongFilter(error: unknown): boolean {
  const { reason, path, errno } = error as { readonly reason?: unknown; readonly path?: unknown; readonly errno?: unknown };
  return error instanceof Error && reason === 'invalid' && path !== undefined && path !== 'netns' && errno === 0;
}

/** The messages about a value of another kind; a word such as `10.0.0.0/33` needs no explanation. */
const OTHER_KIND = / is not (?:a valid name|an IP address)/;

/** Explains a word without a name whose property has no such value, as in `rxnetlink addresses 10.0.0.1`. */
function aboutWord(error: unknown, property: string, words: readonly string[]): string {
  const { path, message } = error as { readonly path?: unknown; readonly message: string };
  const word = words.find((text) => !text.includes('='));
  if (word === undefined || path !== property || !OTHER_KIND.test(message)) return '';
  return `; a word alone is the property ${property}: write NAME=${word} for another`;
}
