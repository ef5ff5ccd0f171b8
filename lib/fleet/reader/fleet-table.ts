import { Observable, Subscription, retry, type Subscriber } from 'rxjs';
import { changed, differences } from '../../live/internal.js';
import { MAX_SHARDS } from '../log/limits.js';
import type { FleetConnection } from '../server/fleet-connection.js';
import { storedShards } from '../server/stored-shards.js';
import { cellOf, shardOf, stateStream, stateSubject } from '../subjects.js';
import type { FleetChange, FleetSilentReason, FleetSyncReason, HostChange } from './fleet-change.js';
import type { CheckedFleetOptions } from './fleet-options.js';
import { followStream, type StreamStep } from './follow-stream.js';
import { HostLog, rowChanges, type RowChange } from './host-log.js';
import type { HostTracker } from './host-tracker.js';
import { orderedMessages, type StreamMessage } from './ordered-messages.js';
import { ShardReading } from './shard-reading.js';

/** A table of all hosts. @internal */
export interface FleetTable {
  readonly family: string;
  readonly op: string;
  readonly pick: ReadonlySet<string> | undefined;
}

/** Milliseconds before a subject is read again that could not be read. */
const PAUSE = 500;

const IGNORED: ReadonlySet<string> = new Set();

/** Reads a table of all hosts of a fleet. @internal */
export function readFleetTable(
  fleet: FleetConnection,
  tracker: HostTracker,
  options: CheckedFleetOptions,
  table: FleetTable,
): Observable<FleetChange<object>> {
  return new Observable<FleetChange<object>>((subscriber) => {
    const reader = new TableReader(fleet, tracker, options, table, subscriber);
    subscriber.add(() => reader.stop());
    reader.start();
  });
}

/** A host of which the table has rows. */
interface Entry {
  log: HostLog;
  /** The rows that were emitted, while the log that replaced theirs is not complete. */
  emitted: ReadonlyMap<string, object> | undefined;
  /** True if `synced` was emitted. */
  isSynced: boolean;
  /** The reason with which it was last emitted as silent; undefined while it is not. */
  silent: FleetSilentReason | undefined;
  isGone: boolean;
  /** The reason `unread` that was emitted last; the agent may report it later than that it is behind. */
  unread: string | undefined;
  /** The reasons of the table itself: a missing message, or one that cannot be read. */
  fault: { readonly reason: FleetSilentReason; readonly detail?: string } | undefined;
  /** Subjects that are being read again. */
  readonly rereading: Map<number, { readonly reading: ShardReading; readonly subscription: Subscription }>;
}

/** Since when and why the entries of a host may be out of date. */
interface Staleness {
  readonly since: number;
  readonly reason: FleetSilentReason;
  readonly detail?: string;
}

/** The hosts of a stream. While the stream is read from its start, their rows are collected apart. */
interface Cell {
  readonly hosts: Map<string, Entry>;
  collected: Map<string, HostLog> | undefined;
}

class TableReader {
  readonly #fleet: FleetConnection;
  readonly #tracker: HostTracker;
  readonly #options: CheckedFleetOptions;
  readonly #table: FleetTable;
  readonly #subscriber: Subscriber<FleetChange<object>>;
  readonly #cells = new Map<number, Cell>();

  constructor(
    fleet: FleetConnection,
    tracker: HostTracker,
    options: CheckedFleetOptions,
    table: FleetTable,
    subscriber: Subscriber<FleetChange<object>>,
  ) {
    this.#fleet = fleet;
    this.#tracker = tracker;
    this.#options = options;
    this.#table = table;
    this.#subscriber = subscriber;
  }

  start(): void {
    const { cells, hosts } = this.#options;
    const { family, op } = this.#table;
    const error = (failure: unknown): void => this.#subscriber.error(failure);
    this.#subscriber.add(this.#tracker.changes().subscribe({ next: (change) => this.#receiveHost(change), error }));
    for (let cell = 0; cell < cells; cell++) {
      const state: Cell = { hosts: new Map(), collected: undefined };
      this.#cells.set(cell, state);
      const filters = (hosts.names ?? ['*']).map((host) => stateSubject({ cell, host, family, op, shard: '*' }));
      const steps = followStream(this.#fleet, stateStream(cell), filters);
      this.#subscriber.add(steps.subscribe({ next: (step) => this.#receive(cell, state, step), error }));
    }
  }

  stop(): void {
    for (const { hosts } of this.#cells.values()) for (const entry of hosts.values()) stopRereading(entry);
  }

  #receive(number: number, cell: Cell, step: StreamStep): void {
    if (step.type === 'restart') {
      cell.collected = new Map();
      for (const entry of cell.hosts.values()) stopRereading(entry);
    } else if (step.type === 'message') this.#apply(number, cell, step.message);
    else if (step.type === 'resume') void this.#endDeleted(number, cell).catch(() => undefined);
    else if (cell.collected !== undefined) this.#takeCollected(cell, cell.collected);
  }

  #apply(number: number, cell: Cell, message: StreamMessage): void {
    const { subject, sequence, data } = message;
    const shard = shardOf(subject);
    if (shard === undefined || shard.shard >= MAX_SHARDS || !this.#options.hosts.matches(shard.host)) return;
    // Rows of a time when the fleet had another number of streams.
    if (cellOf(shard.host, this.#options.cells) !== number) return;
    if (cell.collected !== undefined) {
      let log = cell.collected.get(shard.host);
      if (log === undefined) cell.collected.set(shard.host, (log = new HostLog(this.#table.pick)));
      log.apply(shard.shard, sequence, data, message);
      return;
    }
    let entry = cell.hosts.get(shard.host);
    if (entry === undefined) cell.hosts.set(shard.host, (entry = this.#newEntry(shard.host)));
    // The messages of the subject arrive by the other reading.
    const rereading = entry.rereading.get(shard.shard);
    if (rereading !== undefined) {
      rereading.reading.leave(sequence);
      return;
    }
    const applied = entry.log.apply(shard.shard, sequence, data, message);
    if (applied.type === 'changes') this.#settle(shard.host, entry, applied.changes, 'gap');
    else if (applied.type === 'invalid') this.#fault(shard.host, entry, applied.reason, applied.detail);
    else {
      this.#fault(shard.host, entry, 'gap', `a message before ${sequence} of ${subject} is missing`);
      this.#reread(number, subject, shard.host, shard.shard, entry);
    }
  }

  #newEntry(host: string): Entry {
    this.#tracker.expect(host);
    return {
      log: new HostLog(this.#table.pick),
      emitted: undefined,
      isSynced: false,
      silent: undefined,
      isGone: false,
      unread: undefined,
      fault: undefined,
      rereading: new Map(),
    };
  }

  /** Ends the hosts whose subjects were deleted while the connection was lost. After an error, the next loss is followed by another look. */
  async #endDeleted(number: number, cell: Cell): Promise<void> {
    const { family, op } = this.#table;
    const known = [...cell.hosts].map(([host, { log }]) => [host, log, log.last] as const);
    const shards = await storedShards(this.#fleet, number, { host: '*', family, op });
    const stored = new Set(shards.map(({ host }) => host));
    for (const [host, log, last] of known) {
      const entry = cell.hosts.get(host);
      if (stored.has(host) || entry?.log !== log || log.last !== last || this.#isExpected(host, entry)) continue;
      this.#emitChanges(host, entry, rowChanges(entry.emitted ?? log.rows(), new Map()));
      this.#forget(cell, host, entry);
    }
  }

  /** Replaces the hosts of a stream by those that were read from its start. */
  #takeCollected(cell: Cell, collected: ReadonlyMap<string, HostLog>): void {
    cell.collected = undefined;
    for (const [host, entry] of cell.hosts) {
      if (collected.has(host)) continue;
      if (this.#isExpected(host, entry)) this.#replaceLog(host, entry, new HostLog(this.#table.pick));
      else {
        this.#emitChanges(host, entry, rowChanges(entry.emitted ?? entry.log.rows(), new Map()));
        this.#forget(cell, host, entry);
      }
    }
    for (const [host, log] of collected) {
      let entry = cell.hosts.get(host);
      if (entry === undefined) cell.hosts.set(host, (entry = this.#newEntry(host)));
      this.#replaceLog(host, entry, log);
    }
  }

  /** Returns true if the agent of a host runs: it writes a table again that is not on the server any more. */
  #isExpected(host: string, { isGone }: Entry): boolean {
    return !isGone && this.#tracker.silentSince(host) === undefined;
  }

  /** Continues with the rows of another reading; those that were emitted stay until it is complete. */
  #replaceLog(host: string, entry: Entry, log: HostLog): void {
    if (entry.isSynced) entry.emitted ??= entry.log.rows();
    entry.log = log;
    this.#settle(host, entry, [], 'reread');
    const { rejection } = log;
    if (rejection !== undefined && !log.isComplete) this.#fault(host, entry, rejection.reason, rejection.detail);
    else if (entry.emitted !== undefined) this.#fault(host, entry, 'gap', 'the stream does not contain all of the table');
  }

  /** Emits changes, and `synced` if the table of the host became complete. */
  #settle(host: string, entry: Entry, changes: readonly RowChange[], reason: FleetSyncReason): void {
    const { log, emitted } = entry;
    if (emitted !== undefined && !log.isComplete) return;
    if (entry.isSynced) this.#emitChanges(host, entry, emitted === undefined ? changes : rowChanges(emitted, log.rows()));
    if (log.isEnded) {
      for (const cell of this.#cells.values()) if (cell.hosts.get(host) === entry) this.#forget(cell, host, entry);
      return;
    }
    if (!log.isComplete) return;
    if (entry.isSynced && entry.fault === undefined && emitted === undefined) {
      // A snapshot of a new run ends `silent` for the old rows.
      if (entry.silent !== undefined) this.#updateSilence(host, entry);
      return;
    }
    entry.emitted = undefined;
    entry.fault = undefined;
    const first = !entry.isSynced;
    entry.isSynced = true;
    if (!entry.isGone) this.#emit({ type: 'synced', host, entries: [...log.rows().values()], reason: first ? 'initial' : reason });
    this.#updateSilence(host, entry);
    const gone = this.#tracker.goneSince(host);
    if (first && gone !== undefined) this.#remove(host, entry, gone);
  }

  #fault(host: string, entry: Entry, reason: FleetSilentReason, detail: string): void {
    entry.fault = { reason, detail };
    this.#updateSilence(host, entry);
  }

  /** Reads a subject from its first message, beside the reading of the stream. */
  #reread(cell: number, subject: string, host: string, shard: number, entry: Entry): void {
    const reading = new ShardReading(shard, this.#table.pick);
    const complete = new Observable<void>((subscriber) => {
      reading.restart();
      return orderedMessages(this.#fleet, stateStream(cell), [subject], 0).subscribe({
        next: (step) => {
          if (reading.take(step)) subscriber.next();
        },
        error: (error: unknown) => subscriber.error(error),
      });
    });
    const subscription = new Subscription();
    entry.rereading.set(shard, { reading, subscription });
    subscription.add(
      complete.pipe(retry({ delay: PAUSE })).subscribe(() => {
        stopRereading(entry, shard);
        this.#settle(host, entry, entry.log.adopt(shard, reading.log), 'gap');
      }),
    );
  }

  /** Follows the beats of a host. */
  #receiveHost(change: HostChange): void {
    for (const { hosts } of this.#cells.values()) {
      const entry = hosts.get(change.host);
      if (entry === undefined || !entry.isSynced) continue;
      if (change.type !== 'gone') this.#updateSilence(change.host, entry);
      else this.#remove(change.host, entry, change.since);
    }
  }

  #remove(host: string, entry: Entry, since: number): void {
    if (entry.isGone) return;
    this.#emitChanges(host, entry, rowChanges(entry.emitted ?? entry.log.rows(), new Map()));
    entry.isGone = true;
    this.#emit({ type: 'gone', host, since });
  }

  /** Emits that a host became silent, is silent for another reason, or is back. */
  #updateSilence(host: string, entry: Entry): void {
    // Without entries there is nothing that could be out of date, but what a reader does not accept is reported.
    if (!entry.isSynced && entry.fault?.reason !== 'limit') return;
    const silent = this.#silence(host, entry);
    const unread = silent?.reason === 'unread' ? silent.detail : undefined;
    const isNews = unread !== undefined && unread !== entry.unread;
    entry.unread = unread;
    if (silent !== undefined && (silent.reason !== entry.silent || isNews)) {
      entry.silent = silent.reason;
      if (!entry.isGone) this.#emit({ type: 'silent', host, ...silent });
    } else if (silent === undefined && entry.silent !== undefined) {
      entry.silent = undefined;
      const wasGone = entry.isGone;
      entry.isGone = false;
      this.#emit({ type: 'back', host, since: Date.now() });
      if (wasGone) this.#emit({ type: 'synced', host, entries: [...entry.log.rows().values()], reason: 'back' });
    }
  }

  /** Returns why the entries of a host may be out of date; undefined if they are not. */
  #silence(host: string, { fault, log }: Entry): Staleness | undefined {
    const { family, op } = this.#table;
    const since = Date.now();
    const table = `${family}/${op}`;
    const detail = this.#tracker.unreadReason(host, table);
    const known = detail === undefined ? ({ since, reason: 'behind' } as const) : ({ since, reason: 'unread', detail } as const);
    const behind = this.#tracker.isBehind(host, table, log.run) ? known : undefined;
    return this.#tracker.silentSince(host) ?? (fault === undefined ? behind : { since, ...fault });
  }

  /** Ends a host whose table is not on the server any more. */
  #forget(cell: Cell, host: string, entry: Entry): void {
    stopRereading(entry);
    cell.hosts.delete(host);
    if (entry.isSynced && !entry.isGone) this.#emit({ type: 'gone', host, since: Date.now() });
  }

  #emitChanges(host: string, entry: Entry, changes: readonly RowChange[]): void {
    if (entry.isGone) return;
    for (const { previous, value } of changes) {
      if (value === undefined) {
        if (previous !== undefined) this.#emit({ type: 'removed', host, value: previous });
      } else if (previous === undefined) this.#emit({ type: 'added', host, value });
      else this.#emit({ ...changed(previous, value, differences(previous, value, IGNORED)), host });
    }
  }

  #emit(change: FleetChange<object>): void {
    this.#subscriber.next(change);
  }
}

/** Stops reading the subjects of a host again, or one of them. */
function stopRereading({ rereading }: Entry, only?: number): void {
  for (const [shard, { subscription }] of rereading) {
    if (only !== undefined && shard !== only) continue;
    rereading.delete(shard);
    subscription.unsubscribe();
  }
}
