import { Observable, Subscription, type Subscriber } from 'rxjs';
import { MAX_SHARDS } from '../log/limits.js';
import { isLaterRun } from '../log/beat.js';
import type { FleetConnection } from '../server/fleet-connection.js';
import { findCells } from '../server/stored-cells.js';
import { storedShards } from '../server/stored-shards.js';
import { cellOf, shardOf, stateStream, stateSubject, type Shard } from '../subjects.js';
import type { FleetChange, FleetSilentReason, FleetSyncReason, HostChange } from './fleet-change.js';
import type { CheckedFleetOptions } from './fleet-options.js';
import { followStream, type StreamStep } from './follow-stream.js';
import { HostLog, rowChanges, type RowChange } from './host-log.js';
import type { HostTracker } from './host-tracker.js';
import { NamedCells } from './named-cells.js';
import type { StreamMessage } from './ordered-messages.js';
import { ShardReading, readShard } from './shard-reading.js';
import { emissionOf, newEntry, stalenessOf, stopRereading, type Cell, type Entry } from './table-entry.js';

/** A table of all hosts. @internal */
export interface FleetTable {
  readonly family: string;
  readonly op: string;
  readonly pick: ReadonlySet<string> | undefined;
}

/** Milliseconds between two looks for a stream that an agent names and that does not exist. */
const ABSENT = 8000;

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

class TableReader {
  readonly #fleet: FleetConnection;
  readonly #tracker: HostTracker;
  readonly #options: CheckedFleetOptions;
  readonly #table: FleetTable;
  readonly #subscriber: Subscriber<FleetChange<object>>;
  readonly #cells = new Map<number, Cell>();
  /** The cell of each host: the one with the rows of the latest run of its agent. */
  readonly #places = new Map<string, Cell>();
  readonly #named = new NamedCells();

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
    const { names } = hosts;
    const { family, op } = this.#table;
    const error = (failure: unknown): void => this.#subscriber.error(failure);
    // The rows of a few hosts are in a few of the streams.
    const expected = names === undefined ? Array.from({ length: cells }, (_, cell) => cell) : names.map((name) => cellOf(name, cells));
    for (const cell of expected) this.#follow(cell);
    this.#subscriber.add(this.#tracker.changes().subscribe({ next: (change) => this.#receiveHost(change), error }));
    const wanted = names === undefined ? undefined : { host: names.length === 1 ? names[0]! : '*', family, op };
    this.#subscriber.add(findCells(this.#fleet, cells, wanted).subscribe({ next: (cell) => this.#follow(cell), error }));
  }

  /** Reads a stream, if it is not read yet. */
  #follow(number: number, longestAbsence?: number): void {
    const isListed = longestAbsence === undefined;
    const known = this.#cells.get(number);
    if (known !== undefined) known.isListed ||= isListed;
    if (known !== undefined || this.#subscriber.closed) return;
    const cell: Cell = { number, reading: new Subscription(), isListed, hosts: new Map(), others: new Map(), collected: undefined };
    this.#cells.set(number, cell);
    const { family, op } = this.#table;
    const filters = (this.#options.hosts.names ?? ['*']).map((host) => stateSubject({ cell: number, host, family, op, shard: '*' }));
    this.#subscriber.add(cell.reading);
    cell.reading.add(
      followStream(this.#fleet, stateStream(number), filters, longestAbsence).subscribe({
        next: (step) => this.#receive(cell, step),
        error: (failure: unknown) => this.#subscriber.error(failure),
      }),
    );
  }

  stop(): void {
    for (const { hosts } of this.#cells.values()) for (const entry of hosts.values()) stopRereading(entry);
  }

  #receive(cell: Cell, step: StreamStep): void {
    if (step.type === 'restart') {
      cell.collected = new Map();
      for (const entry of cell.hosts.values()) stopRereading(entry);
    } else if (step.type === 'message') this.#apply(cell, step.message);
    else if (step.type === 'resume') void this.#endDeleted(cell).catch(() => undefined);
    else if (cell.collected !== undefined) this.#takeCollected(cell, cell.collected);
  }

  #apply(cell: Cell, message: StreamMessage): void {
    const { subject, sequence, data } = message;
    const shard = shardOf(subject);
    if (shard === undefined || shard.shard >= MAX_SHARDS || !this.#options.hosts.matches(shard.host)) return;
    if (cell.collected !== undefined) {
      let log = cell.collected.get(shard.host);
      if (log === undefined) cell.collected.set(shard.host, (log = new HostLog(this.#table.pick)));
      log.apply(shard.shard, sequence, data, message);
      return;
    }
    const entry = this.#entryOf(cell, shard.host);
    if (entry === undefined) {
      this.#applyElsewhere(cell, shard, message);
      return;
    }
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
      this.#reread(cell.number, subject, shard.host, shard.shard, entry);
    }
  }

  /** Returns the rows of a host in a stream, also of a host that is new; undefined if its rows are those of another stream. */
  #entryOf(cell: Cell, host: string): Entry | undefined {
    const place = this.#places.get(host);
    if (place !== undefined) return place === cell ? cell.hosts.get(host) : undefined;
    if (!this.#mayBeIn(cell, host)) return undefined;
    const entry = this.#newEntry(host, cell.others.get(host));
    cell.others.delete(host);
    cell.hosts.set(host, entry);
    this.#places.set(host, cell);
    return entry;
  }

  /** Returns false for the rows of an earlier run in a stream which the agent of the host has left, without its table. */
  #mayBeIn({ number }: Cell, host: string): boolean {
    const { family, op } = this.#table;
    const current = this.#tracker.cellOf(host);
    return current === undefined || current === number || this.#tracker.mayHave(host, `${family}/${op}`);
  }

  /** Collects the rows of a host whose current ones are in another stream. If a later run of its agent wrote them, the host has moved. */
  #applyElsewhere(cell: Cell, { host, shard }: Shard, message: StreamMessage): void {
    let log = cell.others.get(host);
    if (log === undefined) cell.others.set(host, (log = new HostLog(this.#table.pick)));
    log.apply(shard, message.sequence, message.data, message);
    this.#moveIfLater(cell, host, log);
  }

  #moveIfLater(cell: Cell, host: string, log: HostLog): void {
    const place = this.#places.get(host);
    const entry = place?.hosts.get(host);
    if (place === undefined || entry === undefined || !isLaterRun(log.run, entry.log.run)) return;
    stopRereading(entry);
    place.hosts.delete(host);
    place.others.set(host, entry.log);
    cell.others.delete(host);
    cell.hosts.set(host, entry);
    this.#places.set(host, cell);
    this.#replaceLog(host, entry, log);
  }

  #newEntry(host: string, log = new HostLog(this.#table.pick)): Entry {
    this.#tracker.expect(host);
    return newEntry(log);
  }

  /** Ends the hosts whose subjects were deleted while the connection was lost. After an error, the next loss is followed by another look. */
  async #endDeleted(cell: Cell): Promise<void> {
    const { family, op } = this.#table;
    const known = [...cell.hosts].map(([host, { log }]) => [host, log, log.last] as const);
    const shards = await storedShards(this.#fleet, cell.number, { host: '*', family, op });
    const stored = new Set(shards.map(({ host }) => host));
    for (const [host, log, last] of known) {
      const entry = cell.hosts.get(host);
      if (stored.has(host) || entry?.log !== log || log.last !== last || this.#isExpected(host, entry)) continue;
      this.#drop(cell, host, entry);
    }
  }

  /** Replaces the hosts of a stream by those that were read from its start. */
  #takeCollected(cell: Cell, collected: ReadonlyMap<string, HostLog>): void {
    cell.collected = undefined;
    for (const [host, entry] of cell.hosts) {
      if (collected.has(host)) continue;
      if (this.#isExpected(host, entry)) this.#replaceLog(host, entry, new HostLog(this.#table.pick));
      else this.#drop(cell, host, entry);
    }
    cell.others.clear();
    for (const [host, log] of collected) {
      const entry = this.#entryOf(cell, host);
      if (entry !== undefined) this.#replaceLog(host, entry, log);
      else {
        cell.others.set(host, log);
        this.#moveIfLater(cell, host, log);
      }
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
      const cell = this.#places.get(host);
      if (cell !== undefined) this.#forget(cell, host, entry);
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
    const subscription = new Subscription();
    entry.rereading.set(shard, { reading, subscription });
    subscription.add(
      readShard(this.#fleet, stateStream(cell), subject, reading).subscribe(() => {
        stopRereading(entry, shard);
        this.#settle(host, entry, entry.log.adopt(shard, reading.log), 'gap');
      }),
    );
  }

  /** Follows the beats of a host. */
  #receiveHost({ host, ...change }: HostChange): void {
    const current = this.#tracker.cellOf(host);
    this.#name(host, current);
    const cell = this.#places.get(host);
    const entry = cell?.hosts.get(host);
    if (cell === undefined || entry === undefined) return;
    if (!this.#mayBeIn(cell, host)) {
      this.#drop(cell, host, entry);
    } else if (!entry.isSynced) return;
    else if (change.type !== 'gone') this.#updateSilence(host, entry);
    else this.#remove(host, entry, change.since);
  }

  /** Reads the cell that the last beat of a host names, and not the one before, if that has no rows and no other host names it. */
  #name(host: string, current: number | undefined): void {
    if (current !== undefined) this.#follow(current, ABSENT);
    const left = this.#cells.get(this.#named.set(host, current) ?? -1);
    if (left === undefined || left.isListed || left.hosts.size + left.others.size > 0) return;
    this.#cells.delete(left.number);
    left.reading.unsubscribe();
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
    const silent = stalenessOf(this.#tracker, this.#table, host, entry);
    const unread = silent?.reason === 'unread' ? silent.detail : undefined;
    const isNews = unread !== undefined && unread !== entry.unread;
    entry.unread = unread;
    if (silent !== undefined && (silent.reason !== entry.silent || isNews)) {
      entry.silent = silent.reason;
      if (!entry.isGone) this.#emit({ type: 'silent', host, ...silent });
    } else if (silent === undefined && (entry.silent !== undefined || entry.isGone)) {
      entry.silent = undefined;
      const wasGone = entry.isGone;
      entry.isGone = false;
      this.#emit({ type: 'back', host, since: Date.now() });
      if (wasGone) this.#emit({ type: 'synced', host, entries: [...entry.log.rows().values()], reason: 'back' });
    }
  }

  /** Ends a host whose rows were removed. */
  #drop(cell: Cell, host: string, entry: Entry): void {
    this.#emitChanges(host, entry, rowChanges(entry.emitted ?? entry.log.rows(), new Map()));
    this.#forget(cell, host, entry);
  }

  /** Ends a host whose table is not on the server any more. */
  #forget(cell: Cell, host: string, entry: Entry): void {
    stopRereading(entry);
    cell.hosts.delete(host);
    this.#places.delete(host);
    if (entry.isSynced && !entry.isGone) this.#emit({ type: 'gone', host, since: Date.now() });
  }

  #emitChanges(host: string, entry: Entry, changes: readonly RowChange[]): void {
    if (entry.isGone) return;
    for (const change of changes) {
      const emission = emissionOf(host, change);
      if (emission !== undefined) this.#emit(emission);
    }
  }

  #emit(change: FleetChange<object>): void {
    this.#subscriber.next(change);
  }
}
