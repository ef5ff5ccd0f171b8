import { asyncScheduler, catchError, defer, EMPTY, finalize, from, map, merge, mergeMap, Subscription, type Observable } from 'rxjs';
import { isNetworkError, NetworkError } from '../../common/network-error.js';
import { translateError } from '../../common/translate-error.js';
import { ApplyRun, type ApplySettings } from '../apply/apply-run.js';
import type { Applied, ApplyEvent } from '../apply/apply.js';
import type { Turns } from '../apply/turns.js';
import type { NetworkDocument } from '../document.js';
import { planDocument, type Planned } from '../plan/plan-document.js';
import type { PlanDifference } from '../plan/plan.js';
import type { SiteChange, Sites, WithSites } from '../site.js';
import { Fights } from './fights.js';
import { foreignChanges } from './foreign-changes.js';
import type { ReconcileEvent } from './reconcile.js';
import { takeShortAgeing, type ShortAgeing } from './topology-change.js';

const CONTEXT = { verb: 'reconcile', subject: () => 'document', missing: [] };

const [FIRST_RETRY, LONGEST_RETRY] = [1000, 300_000];

const SETTINGS: ApplySettings = { verb: 'reconcile', onFailure: 'continue', settle: 3000, confirm: undefined, given: undefined };

/** Returns true for an error that may pass by itself: the document is valid, but something that it needs is not there. */
function isTemporary(error: unknown): error is NetworkError {
  return isNetworkError(error) && error.reason !== 'invalid';
}

/** The subscriber of a reconciler. */
interface Target {
  next(event: ReconcileEvent): void;
  error(error: unknown): void;
}

/** Keeps namespaces as a document describes them. Events only start a comparison. @internal */
export class Reconciler {
  readonly #withSites: WithSites;
  readonly #turns: Turns;
  readonly #waits: { readonly quiet: number; readonly maxWait: number };
  readonly #target: Target;
  readonly #fights = new Fights(() => asyncScheduler.now());
  readonly #controller = new AbortController();
  #document: NetworkDocument | undefined;
  #watch = new Subscription();
  #timer = new Subscription();
  /** The time of the first change that was not compared yet. */
  #dirtySince: number | undefined;
  #isRunning = false;
  #isInSync = false;
  /** The document was in sync once: its ageing times are those that the kernel takes after a topology change. */
  #wasInSync = false;
  /** The differences that pass by themselves, and the time after which they are compared again; 0 without one. */
  #passing: ReadonlySet<PlanDifference> = new Set();
  #passingFor = 0;
  /** The present delay after failures; 0 after a success. */
  #retry = 0;
  #retryAt = 0;

  constructor(withSites: WithSites, turns: Turns, waits: { readonly quiet: number; readonly maxWait: number }, target: Target) {
    this.#withSites = withSites;
    this.#turns = turns;
    this.#waits = waits;
    this.#target = target;
  }

  /** Takes a document in place of the last one. */
  follow(document: NetworkDocument): void {
    this.#document = document;
    this.#fights.clear();
    this.#retry = 0;
    this.#retryAt = 0;
    this.#isInSync = false;
    this.#wasInSync = false;
    this.#watch.unsubscribe();
    const watching = this.#withSites((sites) => this.#changes(sites, document));
    this.#watch = watching.subscribe({ next: () => this.#changed(), error: (error: unknown) => this.#target.error(error) });
    this.#dirtySince = asyncScheduler.now();
    this.#schedule(0);
  }

  /** Ends; the requests that were sent are awaited by the queue. */
  end(): void {
    this.#controller.abort(
      new NetworkError({ reason: 'cancelled', verb: 'reconcile', subject: 'document', text: 'its subscriber unsubscribed' }),
    );
    this.#timer.unsubscribe();
    this.#watch.unsubscribe();
  }

  /** Watches the namespace of `network()`, and those of the document that exist. */
  #changes(sites: Sites, document: NetworkDocument): Observable<void> {
    const lease = sites.own.clients.link.socket.connect();
    const inner = Object.entries(document.namespaces ?? {}).flatMap(([name, part]) => (part === null ? [] : [[name, part] as const]));
    const others = from(inner).pipe(
      mergeMap(([name, part]) =>
        // A namespace that does not exist yet is not watched before the next document.
        defer(() => foreignChanges(sites.of(name), part)).pipe(catchError(() => EMPTY)),
      ),
    );
    return merge(foreignChanges(sites.own, document), others).pipe(finalize(() => lease.unsubscribe()));
  }

  #changed(): void {
    const now = asyncScheduler.now();
    this.#dirtySince ??= now;
    if (this.#isRunning || this.#retryAt > now) return;
    const { quiet, maxWait } = this.#waits;
    this.#schedule(Math.max(0, Math.min(quiet, this.#dirtySince + maxWait - now)));
  }

  #schedule(delay: number): void {
    this.#timer.unsubscribe();
    this.#timer = asyncScheduler.schedule(() => this.#run(), delay);
  }

  #run(): void {
    const document = this.#document;
    if (document === undefined || this.#isRunning || this.#controller.signal.aborted) return;
    this.#isRunning = true;
    let run: ApplyRun | undefined;
    const apply = (sites: Sites): Observable<ApplyEvent> => {
      run = new ApplyRun(
        () => this.#plan(sites, document),
        SETTINGS,
        this.#controller.signal,
        () => undefined,
      );
      return run.run();
    };
    this.#turns
      .take(() => this.#withSites(apply))
      .subscribe({
        next: (event) => {
          if (this.#document === document) this.#progress(event, run?.errors ?? []);
        },
        error: (error: unknown) => {
          this.#isRunning = false;
          if (this.#controller.signal.aborted) return;
          const translated = translateError(error, CONTEXT);
          if (this.#document !== document) this.#next();
          else if (isTemporary(translated)) this.#failed(translated);
          else this.#target.error(translated);
        },
        complete: () => {
          this.#isRunning = false;
          this.#next();
        },
      });
  }

  /** Plans without the objects that wait. Everything that has happened before is seen by it. */
  #plan(sites: Sites, document: NetworkDocument): Observable<Planned> {
    return defer(() => {
      // A document that has come meanwhile is planned next.
      if (this.#document === document) this.#dirtySince = undefined;
      return planDocument(sites, document);
    }).pipe(
      map((planned) => {
        const changes = this.#withoutPassing(planned.changes);
        return {
          ...planned,
          changes: changes.filter(({ change }) => !this.#isHeld(change.difference)),
          firewalls: planned.firewalls.filter(({ differences }) => differences.some((difference) => !this.#isHeld(difference))),
        };
      }),
    );
  }

  /** Removes what passes by itself, once the document was in sync: a new document may ask for another ageing time. */
  #withoutPassing(changes: readonly SiteChange[]): readonly SiteChange[] {
    const passing = new Set<PlanDifference>();
    const taken: ShortAgeing[] = [];
    const left = changes.flatMap((each) => {
      const found = this.#wasInSync ? takeShortAgeing(each.change) : undefined;
      if (found === undefined) return [each];
      taken.push(found);
      if (found.rest !== undefined) return [{ ...each, change: found.rest }];
      passing.add(each.change.difference);
      return [];
    });
    this.#passing = passing;
    this.#passingFor = Math.max(0, ...taken.map(({ endsIn }) => endsIn));
    return left;
  }

  /** Returns true if a difference is not repaired now. */
  #isHeld(difference: PlanDifference): boolean {
    return this.#passing.has(difference) || this.#fights.waits(difference);
  }

  #progress(event: ApplyEvent, errors: readonly Error[]): void {
    const { signal } = this.#controller;
    if (signal.aborted) return;
    if (event.type === 'started' && event.plan.differences.some((difference) => !this.#isHeld(difference))) {
      this.#isInSync = false;
      this.#target.next({ type: 'drift', plan: event.plan });
    }
    if (event.type === 'applied') this.#applied(event.result, errors);
  }

  #applied(result: Applied, errors: readonly Error[]): void {
    if (result.written > 0) this.#target.next({ type: 'repaired', result });
    for (const difference of result.differences) {
      const times = this.#fights.repaired(difference);
      if (times !== undefined) this.#target.next({ type: 'fighting', difference, times });
    }
    const [left] = result.left.filter((difference) => !this.#isHeld(difference));
    if (left !== undefined) {
      const text = `it still differs: ${left.text}`;
      this.#failed(errors[0] ?? new NetworkError({ reason: 'not-converging', verb: 'reconcile', subject: 'document', text }));
      return;
    }
    this.#retry = 0;
    this.#retryAt = 0;
    if (this.#isInSync || this.#fights.nextIn !== undefined) return;
    this.#isInSync = true;
    this.#wasInSync = true;
    this.#target.next({ type: 'in-sync' });
  }

  #failed(error: Error): void {
    this.#retry = Math.min(this.#retry === 0 ? FIRST_RETRY : this.#retry * 2, LONGEST_RETRY);
    this.#retryAt = asyncScheduler.now() + this.#retry;
    this.#isInSync = false;
    this.#target.next({ type: 'failed', error, retryIn: this.#retry });
    if (!this.#isRunning) this.#next();
  }

  /** Schedules the next comparison, if there is a reason for one. */
  #next(): void {
    if (this.#controller.signal.aborted) return;
    const now = asyncScheduler.now();
    if (this.#retryAt > now) this.#schedule(this.#retryAt - now);
    else if (this.#dirtySince !== undefined) this.#changed();
    else if (this.#fights.nextIn !== undefined) this.#schedule(this.#fights.nextIn);
    else if (this.#passingFor > 0) this.#schedule(this.#passingFor);
  }
}
