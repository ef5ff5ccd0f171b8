import { asyncScheduler, catchError, EMPTY, identity, mergeMap, of, throttleTime } from 'rxjs';
import type { Action } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { readFilter } from './filter-words.js';
import type { Closable, Listing, ListingOptions } from './listing.js';
import { readNamespaces } from './namespaces-of-call.js';
import { printer } from './print-objects.js';
import { explained } from './wrong-filter.js';

/** The shortest time between two tables: a person reads no faster, and a table of all routes takes long to print. */
const PAUSE_MS = 100;

/** Returns the action of a command that lists objects. */
export function runListing<T, Net extends Closable>(listing: Listing<T, Net>): Action {
  return (call) => {
    const filter = readFilter(call.words, listing.word, listing.wordMayBeNumber);
    const options = call.options as ListingOptions;
    const isWatch = options.watch === true;
    const print = printer(listing, options, call);
    return readNamespaces(listing, filter, options, call.output).pipe(
      isWatch ? throttleTime(PAUSE_MS, asyncScheduler, { leading: true, trailing: true }) : identity,
      catchError((error: unknown) => {
        throw explained(error, listing, call.words);
      }),
      mergeMap(({ rows, isPartial }) => {
        print(rows);
        return isPartial === true ? of(ExitCode.Failure) : EMPTY;
      }),
    );
  };
}
