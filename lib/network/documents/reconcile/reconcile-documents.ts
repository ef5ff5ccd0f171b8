import { isObservable, Observable, of } from 'rxjs';
import { checkOptionNames } from '../../../check/index.js';
import type { FieldError } from '../../common/field-error.js';
import { time } from '../../fields/check.js';
import { copyOf } from '../../tables/table-reader.js';
import type { Turns } from '../apply/turns.js';
import type { NetworkDocument } from '../document.js';
import type { WithSites } from '../site.js';
import type { ReconcileEvent, ReconcileOptions } from './reconcile.js';
import { Reconciler } from './reconciler.js';

const OPTIONS: ReadonlySet<string> = new Set<keyof ReconcileOptions>(['quiet', 'maxWait']);

/** Returns the Observable of `reconcile`; each subscription is a reconciler of its own. @throws TypeError @internal */
export function reconcile(
  withSites: WithSites,
  turns: Turns,
  given: NetworkDocument | Observable<NetworkDocument>,
  options: ReconcileOptions,
): Observable<ReconcileEvent> {
  checkOptionNames('reconcile', options, OPTIONS);
  const waits = { quiet: timeOf('quiet', options.quiet ?? 50), maxWait: timeOf('maxWait', options.maxWait ?? 1000) };
  const documents = isObservable(given) ? given : of(copyOf('reconcile', given) as NetworkDocument);
  return new Observable((subscriber) => {
    const reconciler = new Reconciler(withSites, turns, waits, subscriber);
    subscriber.add(() => reconciler.end());
    subscriber.add(
      documents.subscribe({
        next: (document) => reconciler.follow(document),
        error: (error: unknown) => subscriber.error(error),
      }),
    );
  });
}

function timeOf(name: string, value: unknown): number {
  try {
    return time(value, name);
  } catch (error) {
    throw new TypeError(`reconcile: option ${name}: ${(error as FieldError).message}`);
  }
}
