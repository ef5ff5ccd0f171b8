import { Observable, Subscription, asyncScheduler, concat, defer, ignoreElements, interval, type Subscriber } from 'rxjs';
import { DumpInterruptedError, OverrunError, isKernelError } from '../errors/index.js';
import { Audience } from './audience.js';
import type { LiveChange, LiveDifference, LiveEvent, SyncReason } from './live-change.js';
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
const LONGEST_DELAY = 1000;

/** How many readings in a row may be spoilt by a silence before their outcome is told all the same. */
const MOST_SILENCES = 5;

/** Silent events often come in crowds; milliseconds. */
const SILENT_DELAY = 10;

/** After so many interrupted readings what they found is put together: the next would be interrupted too. */
const READINGS = 4;

const RANKS: readonly SyncReason[] = ['silent', 'interrupted', 'overrun', 'initial'];

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
  readonly #audience = new Audience<T>();
  #store: LiveStore<T>;
  #listening = Subscription.EMPTY;
  #reading = Subscription.EMPTY;
  #phase: 'waiting' | 'reading' | 'synced' = 'waiting';
  /** What was heard since everything is being read, and of what came just before it that there was a silence. */
  #heard: LiveEvent<T>[] = [];
  /** What interrupted readings have found since then, the oldest first. */
  #found: (readonly T[])[] = [];
  /** Why it is read. */
  #reason: SyncReason = 'initial';
  #failures = 0;
  #silences = 0;
  /** How long the last reading took. */
  #duration = 0;
  /** Which life this is: a subscriber may end it and begin another while it is told something. */
  #life = 0;

  constructor(parts: LiveParts<T>) {
    this.#parts = parts;
    this.#store = parts.store();
  }

  /** Adds a subscriber; it hears the present state at once where that is known. */
  subscribe(subscriber: Subscriber<LiveChange<T>>): void {
    this.#audience.add(subscriber);
    subscriber.add(() => {
      this.#audience.remove(subscriber);
      if (this.#audience.size === 0) this.#stop();
    });
    if (this.#audience.size === 1) this.#start();
    else if (this.#phase === 'synced') this.#audience.greet(subscriber, this.#store.entries());
  }

  #start(): void {
    this.#reason = 'initial';
    this.#failures = 0;
    this.#read(0);
    this.#listen();
  }

  /** Ends it for everybody; one who subscribes again in answer begins a new life. */
  #fail(error: unknown): void {
    const members = this.#audience.take();
    this.#stop();
    for (const member of members) member.error(error);
  }

  #stop(): void {
    this.#life++;
    this.#listening.unsubscribe();
    this.#reading.unsubscribe();
    this.#phase = 'waiting';
    this.#heard = [];
    this.#found = [];
    this.#store = this.#parts.store();
  }

  #listen(): void {
    const listening = new Subscription();
    this.#listening = listening;
    if (this.#parts.interval !== undefined) {
      listening.add(interval(this.#parts.interval).subscribe(() => this.#hear({ type: 'silent' })));
    }
    listening.add(
      this.#parts.changes().subscribe({
        next: (event) => this.#hear(event),
        error: (error: unknown) => {
          listening.unsubscribe();
          if (error instanceof OverrunError) this.#lose();
          else this.#fail(error);
        },
      }),
    );
  }

  #lose(): void {
    // Within this turn, so that the descriptor and its groups stay.
    this.#listen();
    if (this.#phase !== 'synced') this.#failures++;
    this.#readAgain('overrun', this.#backOff());
  }

  #hear(event: LiveEvent<T>): void {
    if (this.#phase === 'waiting') {
      // What has happened will be found. What a silent event tells may not be done by then, so that it counts for the reading.
      if (event.type === 'silent') this.#heard = [event];
      return;
    }
    if (this.#phase === 'reading') {
      this.#heard.push(event);
      return;
    }
    const changes = event.type === 'silent' ? undefined : this.#store.apply(event, false);
    if (changes === undefined) this.#readAgain('silent', this.#pause());
    else this.#audience.tell(changes);
  }

  #backOff(): number {
    return DELAYS[Math.min(this.#failures, DELAYS.length - 1)] ?? LONGEST_DELAY;
  }

  /** Where silent events do not cease, reading takes at most half of the time. */
  #pause(): number {
    return Math.min(Math.max(SILENT_DELAY, this.#duration), LONGEST_DELAY);
  }

  /** What is held is no longer sure to be true: everything is read, from the start if it is being read. */
  #readAgain(reason: SyncReason, delay: number): void {
    // A loss outranks a silence, and nothing outranks the first time.
    if (this.#phase === 'synced' || RANKS.indexOf(reason) > RANKS.indexOf(this.#reason)) this.#reason = reason;
    this.#found = [];
    this.#read(delay);
  }

  #read(delay: number): void {
    this.#reading.unsubscribe();
    // Between two readings whose findings are put together everything is heard.
    if (this.#found.length === 0) this.#phase = 'waiting';
    const reading = new Subscription();
    this.#reading = reading;
    reading.add(asyncScheduler.schedule(() => reading.add(this.#takeSnapshot()), delay));
  }

  #takeSnapshot(): Subscription {
    const { barrier, settled } = this.#parts;
    const rows: T[] = [];
    let interrupted = false;
    let from = 0;
    let began = 0;
    // What is heard from here on may be too late for `settled`.
    if (this.#found.length === 0) this.#heard = [];
    const begin = defer(() => {
      this.#phase = 'reading';
      from = this.#heard.length;
      began = asyncScheduler.now();
      return [];
    });
    const read = this.#collect(rows, () => (interrupted = true));
    const first = settled().pipe(ignoreElements());
    return concat(first, begin, read, barrier().pipe(ignoreElements())).subscribe({
      error: (error: unknown) => this.#lostReading(error),
      complete: () => {
        this.#duration = asyncScheduler.now() - began;
        const deleted = this.#parts.deletesInterrupt && this.#heard.slice(from).some(({ type }) => type === 'delete');
        this.#found.push(rows);
        if ((interrupted || deleted) && this.#found.length < READINGS) this.#readOnceMore();
        else this.#settle();
      },
    });
  }

  /** Reads everything into `rows`; an interruption is noted and ends it like an end. */
  #collect(rows: T[], onInterrupted: () => void): Observable<never> {
    return new Observable((subscriber) =>
      this.#parts.snapshot().subscribe({
        next: (row) => void rows.push(row),
        error: (error: unknown) => {
          if (!(error instanceof DumpInterruptedError)) {
            subscriber.error(error);
            return;
          }
          onInterrupted();
          subscriber.complete();
        },
        complete: () => subscriber.complete(),
      }),
    );
  }

  /** Something may be missing from what was read: it is read again, and both are put together. */
  #readOnceMore(): void {
    this.#failures++;
    if (this.#reason === 'silent') this.#reason = 'interrupted';
    this.#read(this.#backOff());
  }

  /** Brings the store up to date: what was read, then what was heard since it was begun to be read. */
  #settle(): void {
    const fresh = this.#parts.store();
    let silent = false;
    let unsure = false;
    // The newest first: what it lacks, the older ones may have.
    for (const rows of this.#found.reverse()) fresh.fill(rows);
    for (const event of this.#heard) {
      if (event.type === 'silent') silent = true;
      else if (fresh.apply(event, true) === undefined) unsure = true;
    }
    this.#found = [];
    this.#heard = [];
    const life = this.#life;
    if (!unsure) this.#bring(fresh);
    if (life !== this.#life) return;
    if (unsure) this.#failures++;
    if (unsure) this.#readAgain('silent', Math.max(SILENT_DELAY, this.#backOff()));
    else if (silent && ++this.#silences < MOST_SILENCES) this.#readAgain('silent', this.#pause());
    else this.#sync();
    // Where silences never end, those who wait are told what is known, and it is read on.
    if (silent && this.#phase === 'synced' && life === this.#life) this.#readAgain('silent', this.#pause());
  }

  /** What is true of everything read and heard so far, even where more has to be read. */
  #bring(fresh: LiveStore<T>): void {
    let changes: LiveDifference<T>[] = [];
    if (this.#reason === 'initial') this.#store = fresh;
    else changes = this.#store.replace(fresh.entries());
    this.#audience.tell(changes);
  }

  #sync(): void {
    const reason = this.#reason;
    this.#failures = 0;
    this.#silences = 0;
    this.#phase = 'synced';
    this.#audience.sync(this.#store.entries(), reason);
  }

  #lostReading(error: unknown): void {
    if (!(error instanceof OverrunError) && !isKernelError(error, 'ENOBUFS')) {
      this.#fail(error);
      return;
    }
    this.#failures++;
    this.#readAgain('interrupted', this.#backOff());
  }
}
