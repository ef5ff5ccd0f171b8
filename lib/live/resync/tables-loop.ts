import { EMPTY, Subscription, concat, defer, interval, type Observable, type Subscriber } from 'rxjs';
import { OverrunError, isKernelError } from '../../errors/index.js';
import type { LiveDifference, LiveEvent, SyncReason } from '../live-change.js';
import type { LiveStore } from '../stores/live-store.js';
import type { LiveLoop } from './live-source.js';
import { FIRST_PROGRESS, MAX_DISTURBED, nextProgress, type LiveState, type Progress } from './live-state.js';
import { mergeReadings, readingsToMerge, replaceBy } from './merge-readings.js';
import { readSnapshot, readTable, retryDelay, silentDelay, type Reading, type SnapshotStep } from './read-snapshot.js';
import type { ResyncSource } from './resync-loop.js';
import type { Subscribers } from './subscribers.js';

/** Creates the emissions of a {@link TablesLoop}. @internal */
export interface TablesEmissions<Emission> {
  readonly difference: (table: number, difference: LiveDifference<object>) => Emission;
  readonly synced: (entries: readonly (readonly object[])[], reason: SyncReason) => Emission;
}

/** The state of one table. */
interface Table {
  readonly index: number;
  readonly source: ResyncSource<object>;
  store: LiveStore<object>;
  /** The table has to be read. */
  isDue: boolean;
  /** A `silent` event arrived. What it announces may be unfinished when the table is read. */
  silent: boolean;
  /** The readings since the first one that is not merged, the oldest first. */
  found: Reading<object>[];
  /** Events since the first of these readings began; undefined if no reading began. */
  buffered: LiveEvent<object>[] | undefined;
  /** Number of events that were buffered before the present reading began. */
  before: number;
}

/**
 * Keeps several tables consistent with each other, from the first subscriber to the last. Their events arrive on one socket.
 *
 * A loss of events affects all tables: all are read again before anything is emitted. A `silent` event affects one table: only this
 * table is read again, and events of all tables are emitted meanwhile, in the kernel's order. `synced` is emitted when no table
 * has to be read.
 *
 * @internal
 */
export class TablesLoop<Emission> implements LiveLoop<Emission> {
  readonly #tables: readonly Table[];
  readonly #subscribers: Subscribers<Emission>;
  readonly #emissions: TablesEmissions<Emission>;
  readonly #fail: (error: unknown) => void;
  /** Closed when the loop stops, which a subscriber may do while it receives an emission. */
  readonly #work = new Subscription();
  #reading = Subscription.EMPTY;
  /** The progress since all tables were synced; undefined while they are. */
  #progress: Progress | undefined = FIRST_PROGRESS;
  /** Events were lost, or no table was read yet: events cannot be applied. */
  #isLost = true;
  /** Events were lost, and the `OverrunError` is due: until then nothing is applied or emitted. */
  #isBehindLoss = false;
  /** Duration of the last reading in milliseconds. */
  #duration = 0;

  /** @param fail - Ends the collection with an error; stops the loop. */
  constructor(
    sources: readonly ResyncSource<object>[],
    emissions: TablesEmissions<Emission>,
    subscribers: Subscribers<Emission>,
    fail: (error: unknown) => void,
  ) {
    this.#tables = sources.map((source, index) => ({
      index,
      source,
      store: source.store(),
      isDue: true,
      silent: false,
      found: [],
      buffered: undefined,
      before: 0,
    }));
    this.#emissions = emissions;
    this.#subscribers = subscribers;
    this.#fail = fail;
  }

  start(): void {
    this.#read(0);
    this.#listen();
  }

  stop(): void {
    this.#work.unsubscribe();
  }

  sendSnapshot(subscriber: Subscriber<Emission>): void {
    if (this.#progress === undefined) this.#subscribers.sendSnapshot(subscriber, this.#synced('initial'));
  }

  get #isReading(): boolean {
    return this.#progress !== undefined;
  }

  #synced(reason: SyncReason): Emission {
    return this.#emissions.synced(
      this.#tables.map(({ store }) => store.entries()),
      reason,
    );
  }

  #listen(): void {
    const listening = new Subscription();
    this.#work.add(listening);
    this.#isBehindLoss = false;
    // All tables have one socket.
    listening.add((this.#tables[0]?.source.losses() ?? EMPTY).subscribe(() => (this.#isBehindLoss = true)));
    for (const table of this.#tables) {
      const { changes, interval: period } = table.source;
      if (listening.closed) return;
      if (period !== undefined) listening.add(interval(period).subscribe(() => this.#receive(table, { type: 'silent' })));
      listening.add(
        changes().subscribe({
          next: (event) => this.#receive(table, event),
          error: (error: unknown) => {
            listening.unsubscribe();
            if (error instanceof OverrunError) this.#recover();
            else this.#fail(error);
          },
        }),
      );
    }
  }

  /** Continues after an overrun: any table may have lost events. */
  #recover(): void {
    // Within the same turn, so that the socket keeps its descriptor and groups.
    this.#listen();
    for (const table of this.#tables) {
      discard(table);
      // No subscriber has seen the rows.
      if (this.#progress?.reason === 'initial') table.store = table.source.store();
    }
    this.#isLost = true;
    this.#retry('overrun', this.#progress === undefined ? 0 : 1);
  }

  #receive(table: Table, event: LiveEvent<object>): void {
    if (this.#isBehindLoss) return;
    table.buffered?.push(event);
    if (event.type === 'silent') {
      if (table.buffered === undefined) table.silent = true;
      if (!this.#isLost) this.#demand(table);
      return;
    }
    if (this.#isLost) return;
    const differences = table.store.apply(event, false);
    if (differences === undefined) this.#demand(table);
    else this.#emit(table, differences);
  }

  /** Reads a table again, unless a reading of it has begun or is scheduled. */
  #demand(table: Table): void {
    if (table.isDue || table.buffered !== undefined) return;
    table.isDue = true;
    // Otherwise the table is read with the next reading, or after the present one.
    if (this.#progress !== undefined) return;
    this.#progress = nextProgress({ phase: 'synced', duration: this.#duration }, 'silent');
    this.#read(silentDelay(this.#duration));
  }

  /** Reads the tables that are due again from the start, later with each failure. */
  #retry(reason: SyncReason, failed: number): void {
    const state: LiveState<object> =
      this.#progress === undefined
        ? { phase: 'synced', duration: this.#duration }
        : { phase: 'waiting', progress: this.#progress, silent: false };
    const progress = nextProgress(state, reason);
    const failures = progress.failures + failed;
    this.#progress = { ...progress, failures };
    this.#read(retryDelay(failures));
  }

  #read(delay: number): void {
    this.#reading.unsubscribe();
    const reading = new Subscription();
    this.#reading = reading;
    this.#work.add(reading);
    const source = {
      snapshot: () => this.#readRows(),
      barrier: () => this.#tables[0]?.source.barrier() ?? EMPTY,
      settled: () => concat(...this.#due().map(({ source: { settled } }) => defer(settled))),
    };
    reading.add(
      readSnapshot(source, delay).subscribe({
        next: (step) => this.#advance(step),
        error: (error: unknown) => {
          if (!(error instanceof OverrunError) && !isKernelError(error, 'ENOBUFS')) {
            this.#fail(error);
            return;
          }
          for (const table of this.#due()) discard(table);
          this.#retry('interrupted', 1);
        },
      }),
    );
  }

  #due(): readonly Table[] {
    return this.#tables.filter(({ isDue }) => isDue);
  }

  /** Reads the tables that are due, one after the other. */
  #readRows(): Observable<never> {
    return concat(
      ...this.#due().map((table) => {
        const reading = { store: table.source.store(), interrupted: false };
        table.found.push(reading);
        return readTable(table.source.snapshot(), reading, table.store);
      }),
    );
  }

  #advance(step: SnapshotStep): void {
    if (this.#isBehindLoss) return;
    if (step.type === 'settling') for (const table of this.#due()) table.silent = false;
    else if (step.type === 'begun') for (const table of this.#due()) begin(table);
    else this.#finish(step.duration);
  }

  #finish(duration: number): void {
    this.#duration = duration;
    const progress = this.#progress ?? FIRST_PROGRESS;
    for (const table of this.#due()) complete(table);
    // A table that became due during the reading was not read.
    if (this.#tables.some(({ isDue, buffered }) => isDue && buffered !== undefined)) {
      const failures = progress.failures + 1;
      this.#progress = { ...progress, failures, reason: progress.reason === 'silent' ? 'interrupted' : progress.reason };
      this.#read(retryDelay(failures));
    } else this.#merge(progress);
  }

  /** Brings the tables that were read up to date, then continues as synced, or reads again. */
  #merge(progress: Progress): void {
    const read = this.#tables.filter(({ buffered }) => buffered !== undefined);
    const merged = read.map((table) => ({ table, ...mergeReadings({ found: table.found, buffered: table.buffered ?? [] }) }));
    const uncertain = merged.filter(({ certain }) => !certain);
    if (uncertain.length > 0) {
      for (const { table, certain, store, silent } of merged) {
        if (!certain) {
          discard(table);
          continue;
        }
        // The table keeps what is merged and goes on buffering: all are updated at once.
        table.found = [{ store, interrupted: false }];
        table.buffered = silent ? [{ type: 'silent' }] : [];
      }
      const failures = progress.failures + 1;
      this.#progress = { ...progress, failures };
      this.#read(Math.max(silentDelay(0), retryDelay(failures)));
      return;
    }
    const isFirst = progress.reason === 'initial' && this.#isLost;
    const updates = merged.map(({ table, store, silent }) => {
      const differences = isFirst ? [] : replaceBy(table.store, store);
      if (isFirst) table.store = store;
      clear(table, silent);
      return { table, differences };
    });
    this.#isLost = false;
    const merging = (this.#progress = { ...progress });
    this.#update(updates);
    // A subscriber may have stopped the loop meanwhile, or an overrun may have started another reading.
    if (this.#work.closed || this.#progress !== merging) return;
    const isDisturbed = this.#due().length > 0;
    const disturbed = isDisturbed ? progress.disturbed + 1 : progress.disturbed;
    if (!isDisturbed || disturbed >= MAX_DISTURBED) this.#sync(progress.reason, isDisturbed);
    else {
      this.#progress = { ...progress, disturbed };
      this.#read(silentDelay(this.#duration));
    }
  }

  /**
   * Emits the differences that readings have found. Removals come first, from the last table to the first; the others follow from the
   * first table to the last. So an entry is never emitted without the entries of earlier tables that it refers to.
   */
  #update(updates: readonly { readonly table: Table; readonly differences: readonly LiveDifference<object>[] }[]): void {
    const isRemoval = ({ type }: LiveDifference<object>): boolean => type === 'removed';
    for (const { table, differences } of updates.toReversed()) this.#emit(table, differences.filter(isRemoval));
    for (const { table, differences } of updates)
      this.#emit(
        table,
        differences.filter((difference) => !isRemoval(difference)),
      );
  }

  #emit({ index }: Table, differences: readonly LiveDifference<object>[]): void {
    if (differences.length > 0) this.#subscribers.emit(differences.map((difference) => this.#emissions.difference(index, difference)));
  }

  #sync(reason: SyncReason, isDisturbed: boolean): void {
    this.#progress = undefined;
    const entries = this.#tables.map(({ store }) => store.entries());
    this.#subscribers.sync((mine) => this.#emissions.synced(entries, mine), reason);
    // If `silent` events never cease, subscribers receive the known entries, and the loop reads on.
    if (!isDisturbed || this.#work.closed || this.#isReading) return;
    this.#progress = nextProgress({ phase: 'synced', duration: this.#duration }, 'silent');
    this.#read(silentDelay(this.#duration));
  }
}

/** Starts to buffer the events of a table, unless it continues an interrupted reading. */
function begin(table: Table): void {
  table.buffered ??= table.silent ? [{ type: 'silent' }] : [];
  table.before = table.buffered.length;
}

/** Ends the reading of a table, unless the next reading has to be merged with it. Events stay buffered until all tables are merged. */
function complete(table: Table): void {
  const { source, found, buffered, before } = table;
  if (buffered === undefined) return;
  const readings = readingsToMerge(source.deletesInterrupt, { found, buffered }, before);
  if (readings === undefined) return;
  table.isDue = false;
  table.found = [...readings.found];
  table.buffered = [...readings.buffered];
}

/** Forgets what was read: the table has to be read from the start. */
function discard(table: Table): void {
  clear(table, true);
  table.silent = false;
}

/** Forgets what was read. @param isDue - True if the table has to be read again. */
function clear(table: Table, isDue: boolean): void {
  table.found = [];
  table.buffered = undefined;
  table.isDue = isDue;
  table.silent = isDue;
}
