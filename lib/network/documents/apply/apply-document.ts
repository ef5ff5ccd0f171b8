import { filter, from, map, Observable, throwError, timer, type Subscription } from 'rxjs';
import { checkOptionNames, kindOf } from '../../../check/index.js';
import { time } from '../../fields/check.js';
import type { FieldError } from '../../common/field-error.js';
import { copyOf } from '../../tables/table-reader.js';
import { translateError } from '../../common/translate-error.js';
import { Basis, type Plan, type PlanDifference } from '../plan/plan.js';
import type { NetworkDocument } from '../document.js';
import type { Applied, ApplyEvent, ApplyOptions } from './apply.js';
import { ApplyError, Cancelled } from './apply-error.js';
import { ApplyRun, type ApplySettings } from './apply-run.js';
import type { WithSites } from '../site.js';
import { planner } from '../plan/plan-document.js';
import type { Turns } from './turns.js';

const OPTIONS: ReadonlySet<string> = new Set<keyof ApplyOptions>(['onFailure', 'settle', 'confirm', 'signal', 'timeout']);
const SETTLE = 3000;

const ignore = (): void => undefined;

/** The verb in the errors of both forms. */
const VERB = 'apply';

/**
 * Returns the work of `apply`: cold, one after the other for all subscriptions of one `network()`.
 *
 * The work is not a part of the subscription: unsubscribing asks it to end, and it undoes what it has written.
 *
 * @param turns - The queue of the `network()`.
 * @throws TypeError if an option is not valid.
 * @internal
 */
export function applyDocument(
  withSites: WithSites,
  turns: Turns,
  verb: 'apply' | 'applyWithProgress',
  given: NetworkDocument | Plan,
  options: ApplyOptions,
): Observable<ApplyEvent> {
  const copy = copyOf(verb, given) as NetworkDocument;
  const plan = Basis in given ? given : undefined;
  const settings = checkedSettings(verb, plan, options);
  const limit = options.timeout === undefined ? undefined : timeOf(verb, 'timeout', options.timeout);
  const document = plan === undefined ? copy : plan.document;
  const run = (signal: AbortSignal, onDone: (difference: PlanDifference) => void): Observable<ApplyEvent> =>
    withSites((sites) => new ApplyRun(planner(sites, document), settings, signal, onDone).run());
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const end = (reason: Cancelled): void => controller.abort(reason);
    // A document may have many thousands of changes, and only one verb shows them.
    const onDone =
      verb === 'applyWithProgress' ? (difference: PlanDifference): void => subscriber.next({ type: 'done', difference }) : ignore;
    let hasBegun = false;
    let hasEnded = false;
    const context = { verb: VERB, subject: () => 'document', missing: [] };
    const work: Subscription = turns
      .take(() => {
        hasBegun = true;
        return run(controller.signal, onDone);
      })
      .subscribe({
        next: (event) => subscriber.next(event),
        error: (error: unknown) => {
          hasEnded = true;
          const translated = error instanceof Cancelled ? asError(error) : translateError(error, context);
          if (!subscriber.closed) subscriber.error(translated);
          else if (!isQuiet(translated)) reportUnhandled(translated);
        },
        complete: () => {
          hasEnded = true;
          subscriber.complete();
        },
      });
    const cancel = (reason: Cancelled): void => {
      if (hasEnded) return;
      end(reason);
      if (hasBegun) return;
      work.unsubscribe();
      subscriber.error(asError(reason));
    };
    subscriber.add(() => cancel(new Cancelled('cancelled', 'its subscriber unsubscribed')));
    const { signal } = options;
    const abort = (): void => cancel(new Cancelled('cancelled', 'its signal was aborted', signal?.reason));
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    subscriber.add(() => signal?.removeEventListener('abort', abort));
    if (limit !== undefined) {
      subscriber.add(timer(limit).subscribe(() => cancel(new Cancelled('timeout', `it took more than ${limit} ms`))));
    }
  });
}

/** Returns the one value of `apply`. @internal */
export function resultOf(events: Observable<ApplyEvent>): Observable<Applied> {
  return events.pipe(
    filter((event) => event.type === 'applied'),
    map(({ result }) => result),
  );
}

/** The longest timer of Node: a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

function checkedSettings(verb: string, given: Plan | undefined, options: ApplyOptions): ApplySettings {
  checkOptionNames(verb, options, OPTIONS);
  const { onFailure = 'undo', settle = SETTLE, confirm } = options;
  if (!['undo', 'stop', 'continue'].includes(onFailure))
    throw new TypeError(`${verb}: option onFailure: expected 'undo', 'stop' or 'continue', not '${onFailure as string}'`);
  return {
    verb: VERB,
    onFailure,
    settle: timeOf(verb, 'settle', settle),
    confirm: confirm && checkedConfirmation(verb, confirm),
    given,
  };
}

/** @throws TypeError before anything is written. */
function checkedConfirmation(verb: string, { within, by }: NonNullable<ApplyOptions['confirm']>): NonNullable<ApplySettings['confirm']> {
  const milliseconds = timeOf(verb, 'confirm.within', within);
  try {
    return { within: milliseconds, by: from(by) };
  } catch {
    throw new TypeError(`${verb}: option confirm.by: expected an Observable or a promise, not ${kindOf(by)}`);
  }
}

function timeOf(verb: string, name: string, value: unknown): number {
  let milliseconds: number;
  try {
    milliseconds = time(value, name);
  } catch (error) {
    throw new TypeError(`${verb}: option ${name}: ${(error as FieldError).message}`);
  }
  if (milliseconds > LONGEST_TIMER) throw new TypeError(`${verb}: option ${name}: expected at most 24 days`);
  return milliseconds;
}

/** The error of an application that ended before its first write. */
function asError(cause: Cancelled): ApplyError {
  return new ApplyError({ verb: VERB, plan: undefined, done: [], undone: true, left: [], cause });
}

/** The subscriber that ended an application expects its end. */
function isQuiet(error: unknown): boolean {
  return error instanceof ApplyError && error.cause instanceof Cancelled && error.undone;
}

/** Gives an error without a subscriber to `onUnhandledError` of RxJS. */
function reportUnhandled(error: unknown): void {
  throwError(() => error).subscribe();
}
