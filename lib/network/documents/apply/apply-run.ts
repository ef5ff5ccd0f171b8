import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  from,
  fromEvent,
  ignoreElements,
  map,
  mergeMap,
  of,
  takeUntil,
  tap,
  throwError,
  type Observable,
} from 'rxjs';
import { nameVerbs } from '../../namespaces/name-verbs.js';
import { isNetworkError, NetworkError } from '../../common/network-error.js';
import { conflictText } from '../plan/conflict.js';
import type { Plan, PlanDifference } from '../plan/plan.js';
import type { Planned } from '../plan/plan-document.js';
import { Snapshots } from '../restore/snapshots.js';
import type { ApplyEvent, ApplyOptions } from './apply.js';
import { ApplyError } from './apply-error.js';
import { LeftReasons } from './left-reasons.js';
import { lineOf, remainingOf, sameDifferences } from './compare-plans.js';
import { confirmation } from './confirmation.js';
import { execute, type Failure } from './execute.js';
import { isRace } from './judge.js';
import { needsSource, writtenSettled } from './settle.js';
import { undo, type Undoing } from './undo.js';
import { writeFirewall } from './firewall/write-firewall.js';
import { checkFirewalls, type FirewallPart } from '../plan/plan-firewall-part.js';
import type { Site, SiteChange } from '../site.js';

/** The options of one application, checked. @internal */
export interface ApplySettings {
  readonly verb: string;
  readonly onFailure: NonNullable<ApplyOptions['onFailure']>;
  /** In milliseconds. */
  readonly settle: number;
  readonly confirm: { readonly within: number; readonly by: Observable<unknown> } | undefined;
  /** The plan that was given instead of a document. */
  readonly given: Plan | undefined;
}

/** The most rounds of writing. */
const ROUNDS = 3;

/** One application of a document. */
export class ApplyRun {
  readonly #makePlan: () => Observable<Planned>;
  readonly #settings: ApplySettings;
  readonly #signal: AbortSignal;
  readonly #onDone: (difference: PlanDifference) => void;
  readonly #begun: SiteChange[] = [];
  /** The objects that other programs have created meanwhile, by their namespaces and names. */
  readonly #foreign = new Map<string, SiteChange>();
  readonly #done: PlanDifference[] = [];
  readonly #reasons = new LeftReasons();
  /** The errors of the last round. */
  errors: readonly Error[] = [];
  /** The names of the network namespaces that were created. */
  readonly #created: string[] = [];
  readonly #snapshots: Snapshots;
  /** The firewalls that were written, as they were before. */
  #firewalls: readonly FirewallPart[] = [];
  #rounds = 0;

  /**
   * @param makePlan - Reads the namespaces and compares them with the document.
   * @param onDone - Called for each change that was made.
   */
  constructor(
    makePlan: () => Observable<Planned>,
    settings: ApplySettings,
    signal: AbortSignal,
    onDone: (difference: PlanDifference) => void,
  ) {
    this.#makePlan = makePlan;
    this.#settings = settings;
    this.#signal = signal;
    this.#snapshots = new Snapshots(signal);
    this.#onDone = onDone;
  }

  /** Applies the document; emits its progress, except the changes that were made. */
  run(): Observable<ApplyEvent> {
    return this.#plan().pipe(
      mergeMap((first) =>
        concat(
          defer(() => {
            this.#check(first.plan);
            return this.#dryRun(first);
          }),
          of<ApplyEvent>({ type: 'started', plan: first.plan }).pipe(tap(() => this.#signal.throwIfAborted())),
          this.#work(first),
        ),
      ),
    );
  }

  #plan(): Observable<Planned> {
    return this.#makePlan().pipe(tap(() => this.#signal.throwIfAborted()));
  }

  /** @throws ApplyError if the plan must not be written. */
  #check(plan: Plan): void {
    const { given, onFailure } = this.#settings;
    if (given !== undefined && !sameDifferences(given.differences, plan.differences))
      throw this.#refusal(plan, this.#problem('stale', 'the namespace is no longer as it was when the plan was made; make a new plan'));
    if (plan.conflicts.length > 0 && onFailure !== 'continue')
      throw this.#refusal(plan, this.#problem('conflict', conflictText(plan.conflicts)));
  }

  /** Has the kernel check firewalls before anything else is written. The transaction alone would change all or nothing. */
  #dryRun({ plan, changes, firewalls, created }: Planned): Observable<never> {
    const { verb, onFailure } = this.#settings;
    if (onFailure === 'continue' || changes.length + created.length + firewalls.length < 2) return EMPTY;
    return checkFirewalls(firewalls, verb).pipe(catchError((cause: unknown) => throwError(() => this.#refusal(plan, cause))));
  }

  #refusal(plan: Plan, cause: unknown): ApplyError {
    return new ApplyError({ verb: this.#settings.verb, plan, done: [], undone: true, left: [], cause, isKept: true });
  }

  #work(first: Planned): Observable<ApplyEvent> {
    const { plan, changes, firewalls, created, deleted } = first;
    if (changes.length + firewalls.length + created.length + deleted.length === 0)
      return from([{ type: 'verified' } as const, this.#result(first)]);
    const creation = from(created).pipe(
      concatMap((name) => nameVerbs.create(name).pipe(tap(() => void this.#created.push(name)))),
      tap(({ name }) => this.#namespaceDone(plan, name)),
      ignoreElements(),
    );
    const writing = concat(
      creation,
      defer(() => this.#round(first)),
    );
    return writing.pipe(catchError((error: unknown) => this.#fail(plan, error)));
  }

  /** Returns true for a namespace that was created. */
  #isNew({ netns }: Site): boolean {
    return netns !== undefined && this.#created.includes(netns);
  }

  #namespaceDone({ differences }: Plan, name: string): void {
    this.#add(differences.find((each) => each.table === 'namespaces' && each.name === name)!);
  }

  /** Reports a change that was made. */
  #add(difference: PlanDifference): void {
    this.#done.push(difference);
    this.#onDone(difference);
  }

  /** Writes a plan, and compares again. */
  #round({ plan, changes, firewalls }: Planned): Observable<ApplyEvent> {
    this.#rounds++;
    this.#reasons.clear();
    const failed: Failure[] = [];
    const made: PlanDifference[] = [];
    const writing = execute(changes, {
      signal: this.#signal,
      continues: this.#settings.onFailure === 'continue',
      onBegin: (change) => void this.#begun.push(change),
      onDone: ({ change: { difference } }) => {
        if (this.#foreign.size > 0) this.#foreign.delete(lineOf(difference));
        made.push(difference);
        this.#add(difference);
      },
      onFailure: (failure) => {
        failed.push(failure);
        this.#note(failure);
      },
      after: (phase) => (phase === 'addresses' && changes.some(needsSource) ? settling() : EMPTY),
    });
    const failures: Error[] = [];
    const settling = (): Observable<never> =>
      this.#untilAborted(writtenSettled(changes, this.#settings.settle)).pipe(
        catchError((error: unknown) => {
          if (this.#settings.onFailure !== 'continue') throw error;
          failures.push(error as Error);
          if (isNetworkError(error)) this.#reasons.add(error.path, [], error);
          return EMPTY;
        }),
      );
    const isGoodSoFar = (): boolean => !this.#signal.aborted && (this.#settings.onFailure === 'continue' || failed.length === 0);
    return concat(
      this.#snapshots.takeBefore(changes, (site) => this.#isNew(site)),
      writing,
      defer(() => (isGoodSoFar() ? this.#writeFirewalls(firewalls, failures) : EMPTY)),
      defer(() => {
        this.#signal.throwIfAborted();
        const error = failed[0]?.error ?? failures[0];
        if (error !== undefined && this.#settings.onFailure !== 'continue' && !isRace(error)) throw error;
        const verification = defer(() => {
          this.errors = [...failed.map((failure) => failure.error), ...failures];
          return this.#plan().pipe(mergeMap((next) => this.#verify(plan, next, made, error)));
        });
        return concat(settling(), verification);
      }),
    );
  }

  /** Notes the failure of a change. */
  #note({ of: change, error, isForeign }: Failure): void {
    const { difference, path } = change.change;
    this.#reasons.add(path, [difference], error);
    if (isForeign) this.#foreign.set(lineOf(difference), change);
  }

  /** Writes the firewalls, each in one transaction. What fails has changed nothing, and is among the failures if the rest continues. */
  #writeFirewalls(firewalls: readonly FirewallPart[], failures: Error[]): Observable<never> {
    return from(firewalls).pipe(
      concatMap((part) => {
        const known = this.#firewalls.some(({ site }) => site === part.site);
        if (!known && !this.#isNew(part.site)) this.#firewalls = [...this.#firewalls, part];
        return writeFirewall(part.site, part.wanted).pipe(
          catchError((error: unknown) => {
            if (this.#settings.onFailure !== 'continue') throw error;
            failures.push(error as Error);
            this.#reasons.add(undefined, part.differences, error as Error);
            return of([]);
          }),
        );
      }),
      tap((differences) => {
        for (const difference of differences) this.#add(difference);
      }),
      ignoreElements(),
    );
  }

  /** Decides what follows a round, by the changes that it has made, and the plan that is left after it. */
  #verify(previous: Plan, next: Planned, made: readonly PlanDifference[], error: Error | undefined): Observable<ApplyEvent> {
    const { onFailure } = this.#settings;
    if (next.plan.conflicts.length > 0 && onFailure !== 'continue')
      throw this.#problem('conflict', conflictText(next.plan.conflicts), error);
    const remaining = remainingOf(next);
    if (remaining.length === 0) return this.#finish(next);
    const isLast = this.#rounds >= ROUNDS;
    if (onFailure === 'continue') {
      return isLast || made.length === 0 ? this.#finish(next) : this.#round(next);
    }
    if (error !== undefined) {
      // Nothing else has changed, so that no other process is the cause.
      const done = new Set(made.map(({ text }) => text));
      const left = new Set(previous.differences.map(({ text }) => text).filter((text) => !done.has(text)));
      if (remaining.every(({ text }) => left.has(text))) throw error;
      if (isLast) throw this.#problem('conflict', 'another process writes the same objects', error);
    } else if (isLast) {
      throw this.#problem('not-converging', `it still differs after ${ROUNDS} rounds: ${remaining[0]?.text ?? ''}`);
    }
    return this.#round(next);
  }

  #problem(reason: 'stale' | 'conflict' | 'not-converging', text: string, cause?: unknown): NetworkError {
    return new NetworkError({ reason, verb: this.#settings.verb, subject: 'document', text, cause });
  }

  /** Has the result confirmed. The namespaces are deleted behind that, because it cannot be undone. */
  #finish(planned: Planned): Observable<ApplyEvent> {
    const { plan, deleted } = planned;
    const { confirm } = this.#settings;
    const deletion = defer(() => {
      this.#signal.throwIfAborted();
      return from(deleted).pipe(
        concatMap((name) => nameVerbs.delete(name)),
        tap(({ name }) => this.#namespaceDone(plan, name)),
        ignoreElements(),
      );
    });
    return concat(
      of<ApplyEvent>({ type: 'verified' }),
      confirm === undefined ? EMPTY : this.#untilAborted(confirmation(confirm)),
      deletion,
      defer(() => of(this.#result(planned))),
    );
  }

  #result(planned: Planned): ApplyEvent {
    const left = this.#reasons.leftOf(planned);
    return { type: 'applied', result: { differences: [...this.#done], written: this.#done.length, rounds: this.#rounds, left } };
  }

  #untilAborted<T>(source: Observable<T>): Observable<T> {
    // A subscriber may abort at the event before.
    return defer(() => (this.#signal.aborted ? EMPTY : source.pipe(takeUntil(fromEvent(this.#signal, 'abort')))));
  }

  #undoing(): Undoing {
    const settle = this.#settings.settle;
    return {
      snapshots: this.#snapshots.taken,
      firewalls: this.#firewalls,
      created: this.#created,
      begun: this.#begun,
      foreign: [...this.#foreign.values()],
      settle,
    };
  }

  /** Undoes everything, or leaves it as it is; then signals the error. */
  #fail(plan: Plan, failure: unknown): Observable<ApplyEvent> {
    const { verb, onFailure } = this.#settings;
    const cause = this.#signal.aborted ? (this.#signal.reason as unknown) : failure;
    const done = [...this.#done];
    if (onFailure !== 'undo') {
      const made = new Set(done.map(lineOf));
      const left = plan.differences.filter((difference) => !made.has(lineOf(difference)));
      return throwError(() => new ApplyError({ verb, plan, done, undone: false, left, cause, isKept: true }));
    }
    return concat(
      of<ApplyEvent>({ type: 'undoing', cause }),
      undo(this.#undoing()).pipe(
        catchError((error: unknown) =>
          throwError(() => new ApplyError({ verb, plan, done, undone: false, left: done, cause, undoing: error })),
        ),
        map((rest) => {
          // A namespace that is deleted does not return.
          const left = [...rest, ...done.filter(({ table, action }) => table === 'namespaces' && action === 'delete')];
          throw new ApplyError({ verb, plan, done, undone: left.length === 0, left, cause });
        }),
      ),
    );
  }
}
