import { Observable, Subscription, asyncScheduler, concat, ignoreElements, interval, type Subscriber } from 'rxjs';
import { DumpInterruptedError, OverrunError, isKernelError } from '../errors/index.js';
import type { LiveChange, LiveEvent, SyncReason } from './live-change.js';
import type { LiveStore } from './live-store.js';

/** What a live collection is made of. @internal */
export interface LiveParts<T> {
  /** Reads everything, once; completes at the end. */
  readonly snapshot: () => Observable<T>;
  /** Everything that happens, from its subscription on; never ends by itself. */
  readonly changes: () => Observable<LiveEvent<T>>;
  /** Completes when everything that was queued for `changes` before its subscription has been delivered. */
  readonly barrier: () => Observable<unknown>;
  /** Completes when what the last event has set off is done, so that a snapshot sees its outcome. */
  readonly settled: () => Observable<unknown>;
  readonly store: () => LiveStore<T>;
  /** Whether something deleted while everything is read may have made the reader miss something else. */
  readonly deletesInterrupt: boolean;
  /** Milliseconds after which everything is read again although nothing was heard; undefined: never. */
  readonly interval?: number | undefined;
}

/** Waits before everything is read again, in milliseconds, by how often it failed. */
const DELAYS = [0, 5, 20, 50, 100, 250, 500, 1000];

const RANKS: readonly SyncReason[] = ['silent', 'interrupted', 'overrun', 'initial'];

/** Silent events often come in crowds. */
const SILENT_DELAY = 10;

/**
 * Keeps a store true to the kernel and tells subscribers what changes, one kernel subscription for all of them.
 *
 * ```text
 * listen -> read everything -> barrier -> apply what was heard meanwhile -> tell the differences, then `synced`
 *    ^                                                                                      |
 *    +---- lost events, an interrupted snapshot, or an event that tells only half ----------+
 * ```
 *
 * @internal
 */
export class LiveSource<T> {
  readonly #parts: LiveParts<T>;
  #observers: readonly Subscriber<LiveChange<T>>[] = [];
  #store: LiveStore<T>;
  #listening = Subscription.EMPTY;
  #reading = Subscription.EMPTY;
  /** What was heard since the snapshot began; undefined while the collection is synced and nothing has to be kept. */
  #heard: LiveEvent<T>[] | undefined;
  /** Why it has to be read; undefined while it is synced. */
  #reason: SyncReason | undefined = 'initial';
  #failures = 0;

  constructor(parts: LiveParts<T>) {
    this.#parts = parts;
    this.#store = parts.store();
  }

  /** Adds a subscriber; it hears the present state at once where that is known. */
  subscribe(subscriber: Subscriber<LiveChange<T>>): void {
    this.#observers = [...this.#observers, subscriber];
    subscriber.add(() => this.#remove(subscriber));
    if (this.#observers.length === 1) this.#start();
    else if (this.#reason === undefined) subscriber.next({ type: 'synced', entries: this.#store.entries(), reason: 'initial' });
  }

  #remove(subscriber: Subscriber<LiveChange<T>>): void {
    this.#observers = this.#observers.filter((one) => one !== subscriber);
    if (this.#observers.length > 0) return;
    this.#listening.unsubscribe();
    this.#reading.unsubscribe();
    this.#heard = undefined;
    this.#store = this.#parts.store();
  }

  #start(): void {
    this.#reason = 'initial';
    this.#failures = 0;
    this.#listen();
    if (this.#observers.length > 0) this.#read(0);
  }

  #listen(): void {
    const listening = new Subscription();
    this.#listening = listening;
    listening.add(
      this.#parts.changes().subscribe({
        next: (event) => this.#hear(event),
        error: (error: unknown) => {
          if (!(error instanceof OverrunError)) {
            this.#fail(error);
            return;
          }
          // Within this turn, so that the descriptor and its groups stay.
          this.#listen();
          this.#readAgain('overrun');
        },
      }),
    );
    if (this.#parts.interval !== undefined) {
      listening.add(interval(this.#parts.interval).subscribe(() => this.#readAgain('silent')));
    }
  }

  #hear(event: LiveEvent<T>): void {
    if (this.#heard !== undefined) {
      this.#heard.push(event);
      return;
    }
    const changes = this.#store.apply(event);
    if (changes === undefined) this.#readAgain('silent');
    else for (const change of changes) this.#emit(change);
  }

  /** What is held is no longer sure to be true: reads everything, from the start if it is being read. */
  #readAgain(reason: SyncReason): void {
    if (this.#reason !== undefined && reason !== 'silent') this.#failures++;
    this.#because(reason);
    this.#read(reason === 'silent' ? SILENT_DELAY : this.#backOff());
  }

  /** Notes why it is read; a loss outranks a silence, and nothing outranks the first time. */
  #because(reason: SyncReason): void {
    const rank = this.#reason === undefined ? -1 : RANKS.indexOf(this.#reason);
    if (RANKS.indexOf(reason) > rank) this.#reason = reason;
  }

  #backOff(): number {
    return DELAYS[Math.min(this.#failures, DELAYS.length - 1)] ?? 0;
  }

  #read(delay: number): void {
    this.#reading.unsubscribe();
    this.#heard ??= [];
    const reading = new Subscription();
    this.#reading = reading;
    reading.add(asyncScheduler.schedule(() => reading.add(this.#takeSnapshot()), delay));
  }

  #takeSnapshot(): Subscription {
    const { snapshot, barrier, settled } = this.#parts;
    const rows: T[] = [];
    let during = 0;
    const begin = new Observable<never>((subscriber) => {
      // What was heard before is in what is read now.
      this.#heard = [];
      subscriber.complete();
    });
    const collect = new Observable<never>((subscriber) =>
      snapshot().subscribe({
        next: (row) => void rows.push(row),
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          during = this.#heard?.length ?? 0;
          subscriber.complete();
        },
      }),
    );
    const first = this.#reason === 'initial' ? begin : concat(settled().pipe(ignoreElements()), begin);
    return concat(first, collect, barrier().pipe(ignoreElements())).subscribe({
      error: (error: unknown) => this.#interrupted(error),
      complete: () => {
        const heard = this.#heard ?? [];
        const deleted = heard.slice(0, during).some(({ type }) => type === 'delete');
        if (deleted && this.#parts.deletesInterrupt) this.#interrupted(undefined);
        else this.#settle(rows, heard);
      },
    });
  }

  /** Brings the store up to date: what was read, then what was heard since it was begun to be read. */
  #settle(rows: readonly T[], heard: readonly LiveEvent<T>[]): void {
    const fresh = this.#parts.store();
    fresh.replace(rows);
    for (const event of heard) {
      if (fresh.apply(event) === undefined) {
        this.#heard = [];
        this.#read(SILENT_DELAY);
        return;
      }
    }
    const changes = this.#store.replace(fresh.entries());
    const reason = this.#reason ?? 'initial';
    this.#heard = undefined;
    this.#failures = 0;
    this.#reason = undefined;
    if (reason !== 'initial') for (const change of changes) this.#emit(change);
    this.#emit({ type: 'synced', entries: this.#store.entries(), reason });
  }

  #interrupted(error: unknown): void {
    const passes = error === undefined || error instanceof DumpInterruptedError || error instanceof OverrunError;
    if (!passes && !isKernelError(error, 'ENOBUFS')) {
      this.#fail(error);
      return;
    }
    this.#failures++;
    this.#because('interrupted');
    this.#read(this.#backOff());
  }

  #emit(change: LiveChange<T>): void {
    for (const observer of this.#observers) observer.next(change);
  }

  #fail(error: unknown): void {
    const observers = this.#observers;
    for (const observer of observers) observer.error(error);
  }
}
