import { type Observable, catchError, defer, throwError, timeout } from 'rxjs';
import { checkOptionNames } from '../../check/index.js';
import { NetworkError } from '../common/network-error.js';
import { translateError, type ErrorContext } from '../common/translate-error.js';
import { time } from '../fields/check.js';
import { type FieldError } from '../common/field-error.js';
import { untilAborted } from '../../socket/internal.js';
import type { EnsureOptions, VerbOptions } from './verbs.js';

const VERB_OPTIONS: ReadonlySet<string> = new Set<keyof VerbOptions>(['signal', 'timeout']);
const ENSURE_OPTIONS: ReadonlySet<string> = new Set<keyof EnsureOptions>(['signal', 'timeout', 'recreate']);

/** Checks the options of a verb. @throws TypeError if one is unknown or not valid. @internal */
export function checkVerbOptions(verb: string, options: VerbOptions, known: ReadonlySet<string> = VERB_OPTIONS): void {
  checkOptionNames(verb, options, known);
  try {
    if (options.timeout !== undefined) time(options.timeout, 'timeout');
  } catch (error) {
    throw new TypeError(`${verb}: option timeout: ${(error as FieldError).message}`);
  }
}

/** Checks the options of a verb that changes objects. @throws TypeError @internal */
export function checkEnsureOptions(verb: string, options: EnsureOptions): void {
  checkVerbOptions(verb, options, ENSURE_OPTIONS);
}

/**
 * Returns the Observable of a verb: cold, with the options applied, and with errors that name the object.
 *
 * @param run - Called at each subscription; what it throws is the error signal.
 * @internal
 */
export function runVerb<T>(context: ErrorContext, options: VerbOptions, run: () => Observable<T>): Observable<T> {
  const limit = options.timeout === undefined ? undefined : time(options.timeout, 'timeout');
  const source = defer(run).pipe(catchError((error: unknown) => throwError(() => translateError(error, context))));
  const limited =
    limit === undefined ? source : source.pipe(timeout({ first: limit, with: () => throwError(() => tooLate(context, limit)) }));
  return untilAborted(limited, options.signal);
}

function tooLate({ verb, subject }: ErrorContext, limit: number): NetworkError {
  return new NetworkError({
    reason: 'timeout',
    verb,
    subject: subject(),
    text: `the verb took more than ${limit} ms; what was sent has happened`,
  });
}
