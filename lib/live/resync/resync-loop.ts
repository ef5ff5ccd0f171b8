import { Subscription, interval, type Observable, type Subscriber } from 'rxjs';
import { OverrunError, isKernelError } from '../../errors/index.js';
import type { LiveChange, LiveEvent, SyncReason } from '../live-change.js';
import type { LiveStore } from '../stores/live-store.js';
import {
  FIRST_PROGRESS,
  MAX_DISTURBED,
  beginReading,
  nextProgress,
  type LiveState,
  type Progress,
  type ReadingState,
} from './live-state.js';
import type { LiveLoop } from './live-source.js';
import { mergeReadings, readingsToMerge, replaceBy, type Readings } from './merge-readings.js';
import { readSnapshot, readTable, retryDelay, silentDelay, type Reading, type SnapshotSource, type SnapshotStep } from './read-snapshot.js';
import type { Subscribers } from './subscribers.js';

/** The streams, the store and the settings of a live collection. @internal */
export interface ResyncSource<T> extends SnapshotSource<T> {
  /** Emits every event from its subscription on; never completes. */
  readonly changes: () => Observable<LiveEvent<T>>;
  /** Emits before events that may be behind a loss; the `OverrunError` of `changes` follows them. */
  readonly losses: () => Observable<unknown>;
  /** Creates an empty store. */
  readonly store: () => LiveStore<T>;
  /** True if an object that is deleted during a reading may make the reading miss another object. */
  readonly deletesInterrupt: boolean;
  /** Milliseconds after which the table is read again although no event arrived; undefined: never. */
  readonly interval?: number | undefined;
}

/**
 * Keeps a table consistent with its source, from the first subscriber of a collection to the last.
 *
 * ```text
 * waiting: delay -> settled      reading: snapshot -> barrier -> merge, emit the differences      synced: emit each event
 *    ^                                                                                               |
 *    +--- lost events, a `silent` event, an event that the store cannot interpret, the interval -----+
 * ```
 *
 * @internal
 */
export class ResyncLoop<T> implements LiveLoop<LiveChange<T>> {
  readonly #source: ResyncSource<T>;
  readonly #subscribers: Subscribers<LiveChange<T>>;
  readonly #fail: (error: unknown) => void;
  /** Closed when the loop stops, which a subscriber may do while it receives an emission. */
  readonly #work = new Subscription();
  #reading = Subscription.EMPTY;
  #table: LiveStore<T>;
  #state: LiveState<T> = { phase: 'waiting', progress: FIRST_PROGRESS, silent: false };
  /** Events were lost, and the `OverrunError` is due: until then nothing is applied or emitted. */
  #isBehindLoss = false;

  /** @param fail - Ends the collection with an error; stops the loop. */
  constructor(source: ResyncSource<T>, subscribers: Subscribers<LiveChange<T>>, fail: (error: unknown) => void) {
    this.#source = source;
    this.#subscribers = subscribers;
    this.#fail = fail;
    this.#table = source.store();
  }

  start(): void {
    this.#read(0);
    this.#listen();
  }

  stop(): void {
    this.#work.unsubscribe();
  }

  /** Sends the current table to a late subscriber if the table is synced. */
  sendSnapshot(subscriber: Subscriber<LiveChange<T>>): void {
    if (this.#state.phase !== 'synced') return;
    this.#subscribers.sendSnapshot(subscriber, { type: 'synced', entries: this.#table.entries(), reason: 'initial' });
  }

  #listen(): void {
    const { changes, losses, interval: period } = this.#source;
    const listening = new Subscription();
    this.#work.add(listening);
    this.#isBehindLoss = false;
    listening.add(losses().subscribe(() => (this.#isBehindLoss = true)));
    if (period !== undefined) listening.add(interval(period).subscribe(() => this.#receive({ type: 'silent' })));
    listening.add(
      changes().subscribe({
        next: (event) => this.#receive(event),
        error: (error: unknown) => {
          listening.unsubscribe();
          if (error instanceof OverrunError) this.#recover();
          else this.#fail(error);
        },
      }),
    );
  }

  /** Continues after an overrun. */
  #recover(): void {
    // Within the same turn, so that the socket keeps its descriptor and groups.
    this.#listen();
    this.#retry('overrun', this.#state.phase === 'synced' ? 0 : 1);
  }

  #receive(event: LiveEvent<T>): void {
    if (this.#isBehindLoss) return;
    const state = this.#state;
    if (state.phase === 'waiting') {
      if (event.type === 'silent') this.#state = { ...state, silent: true };
    } else if (state.phase === 'reading') {
      state.buffered.push(event);
    } else {
      const changes = event.type === 'silent' ? undefined : this.#table.apply(event, false);
      if (changes === undefined) this.#readAgain(nextProgress(state, 'silent'), silentDelay(state.duration));
      else this.#subscribers.emit(changes);
    }
  }

  /** Reads the table again from the start, later with each failure. */
  #retry(reason: SyncReason, failed: number): void {
    const progress = nextProgress(this.#state, reason);
    const failures = progress.failures + failed;
    this.#readAgain({ ...progress, failures }, retryDelay(failures));
  }

  #readAgain(progress: Progress, delay: number): void {
    this.#state = { phase: 'waiting', progress, silent: false };
    this.#read(delay);
  }

  #read(delay: number): void {
    this.#reading.unsubscribe();
    const reading = new Subscription();
    this.#reading = reading;
    this.#work.add(reading);
    const rows: Reading<T> = { store: this.#source.store(), interrupted: false };
    const snapshot = (): Observable<never> => readTable(this.#source.snapshot(), rows, this.#table);
    reading.add(
      readSnapshot({ ...this.#source, snapshot }, delay).subscribe({
        next: (step) => this.#advance(step, rows),
        error: (error: unknown) => {
          if (error instanceof OverrunError || isKernelError(error, 'ENOBUFS')) this.#retry('interrupted', 1);
          else this.#fail(error);
        },
      }),
    );
  }

  #advance(step: SnapshotStep, rows: Reading<T>): void {
    const state = this.#state;
    if (this.#isBehindLoss || state.phase === 'synced') return;
    if (step.type === 'settling') {
      // The reading will wait for what earlier events announced.
      if (state.phase === 'waiting') this.#state = { ...state, silent: false };
    } else if (step.type === 'begun') {
      if (state.phase === 'reading') this.#state = { ...state, before: state.buffered.length };
      else this.#state = beginReading(state.progress, state.silent);
    } else if (state.phase === 'reading') this.#finish({ ...state, found: [...state.found, rows] }, step.duration);
  }

  #finish(state: ReadingState<T>, duration: number): void {
    const { progress, before } = state;
    const readings = readingsToMerge(this.#source.deletesInterrupt, state, before);
    if (readings === undefined) {
      // The next reading is merged with this one, and events stay buffered.
      const failures = progress.failures + 1;
      const reason = progress.reason === 'silent' ? 'interrupted' : progress.reason;
      this.#state = { ...state, progress: { ...progress, reason, failures } };
      this.#read(retryDelay(failures));
    } else this.#merge(progress, readings, duration);
  }

  /** Brings the table up to date, then continues as synced, or reads again. */
  #merge(progress: Progress, readings: Readings<T>, duration: number): void {
    const { store, certain, silent } = mergeReadings(readings);
    if (!certain) {
      const failures = progress.failures + 1;
      this.#readAgain({ ...progress, failures }, Math.max(silentDelay(0), retryDelay(failures)));
      return;
    }
    const merged = beginReading<T>(progress, false);
    this.#state = merged;
    // Differences are true even if the table has to be read again. Nothing precedes the rows until a first `synced` was emitted.
    const isFirst = progress.reason === 'initial';
    if (!isFirst) this.#subscribers.emit(replaceBy(this.#table, store));
    // A subscriber may have stopped the loop meanwhile, or an overrun may have started another reading.
    if (this.#work.closed || this.#state !== merged) return;
    const disturbed = silent ? progress.disturbed + 1 : progress.disturbed;
    if (silent && disturbed < MAX_DISTURBED) this.#readAgain({ ...progress, disturbed }, silentDelay(duration));
    else {
      if (isFirst) this.#table = store;
      this.#sync(progress.reason, duration, silent);
    }
  }

  #sync(reason: SyncReason, duration: number, silent: boolean): void {
    const synced: LiveState<T> = { phase: 'synced', duration };
    this.#state = synced;
    const entries = this.#table.entries();
    this.#subscribers.sync((mine) => ({ type: 'synced', entries, reason: mine }), reason);
    // If `silent` events never cease, subscribers get what is known, and the loop reads on.
    if (silent && !this.#work.closed && this.#state === synced) this.#readAgain(nextProgress(synced, 'silent'), silentDelay(duration));
  }
}
