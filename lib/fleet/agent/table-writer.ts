import { Observable } from 'rxjs';
import { FleetError } from '../fleet-error.js';
import { MAX_SHARDS } from '../log/limits.js';
import { stateSubject } from '../subjects.js';
import type { AgentEvent } from './agent-event.js';
import type { AgentTable } from './agent-table.js';
import { OversizeError } from './batch.js';
import { shardCount, shardOfKey } from './shard-count.js';
import { ShardWriter, type WriterContext } from './shard-writer.js';

/** The parts of an agent that its tables share. @internal */
export interface TableContext extends Pick<WriterContext, 'fleet' | 'stream' | 'epoch' | 'linger' | 'checkReplaced' | 'ensureStream'> {
  readonly host: string;
  readonly cell: number;
  /** The number of shards that the caller chose. */
  readonly shards: number | undefined;
  /** The first sequence that the stream still has, from time to time. */
  readonly losses: Observable<number>;
  /**
   * Called when the server has stored all of the table, and when that is no longer certain.
   *
   * @param unread - Why the rows are not those of the kernel any more.
   */
  readonly stored: (table: AgentTable, isStored: boolean, unread?: string) => void;
}

/** Follows a table of the kernel and writes it, until it is unsubscribed from. @internal */
export function writeTable(table: AgentTable, used: number, context: TableContext): Observable<AgentEvent> {
  return new Observable<AgentEvent>((subscriber) => {
    const writer = new TableWriter(table, used, context, {
      next: (event) => subscriber.next(event),
      error: (error) => subscriber.error(error),
    });
    subscriber.add(() => writer.stop());
    subscriber.add(writer.follow());
  });
}

/**
 * Removes a table from the server that the agent does not follow: its rows would stay there as they were.
 *
 * @param used - The number of shards that the server has.
 * @internal
 */
export function removeTable(
  { family, op }: { readonly family: string; readonly op: string },
  used: number,
  { host, cell, ...context }: TableContext,
): Observable<AgentEvent> {
  return new Observable<AgentEvent>((subscriber) => {
    const table = `${family}/${op}`;
    const shards = Array.from({ length: used }, (_, shard) => {
      return new ShardWriter(stateSubject({ cell, host, family, op, shard }), {
        ...context,
        stateOf: (row) => row,
        published: () => undefined,
        judged: () => undefined,
        skipped: () => undefined,
        retrying: (reason, attempt) => subscriber.next({ type: 'retrying', table, reason, attempt }),
        fail: (error) => subscriber.error(error),
      });
    });
    subscriber.add(() => {
      for (const shard of shards) shard.stop();
    });
    const { up } = context.fleet;
    subscriber.add(
      up.subscribe({
        next: (isUp) => {
          if (isUp) for (const shard of shards) shard.verify();
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    // A snapshot that counts no shards ends the table for readers. That of the first shard is last: after it they know no other one.
    const [first, ...others] = shards;
    void Promise.all(others.map((shard) => shard.start(0)))
      .then(() => first?.start(0))
      .then(() => subscriber.complete());
  });
}

/** Returns the name of a row, if it has one. */
function nameOf(row: object): string | undefined {
  const { ifname, name } = row as { readonly ifname?: unknown; readonly name?: unknown };
  return [ifname, name].find((value) => typeof value === 'string');
}

interface Events {
  readonly next: (event: AgentEvent) => void;
  readonly error: (error: unknown) => void;
}

/** Spreads the rows of a table over shards. */
class TableWriter {
  readonly #table: AgentTable;
  readonly #context: TableContext;
  readonly #events: Events;
  #shards: readonly ShardWriter[] = [];
  /** The writers that end shards of the server which the table does not use. */
  readonly #unused = new Set<ShardWriter>();
  /** Shards on the server, perhaps of an agent with more of them. */
  #used: number;
  /** The reason of the last reading of a sampled table, if it failed. */
  #unread: string | undefined;

  constructor(table: AgentTable, used: number, context: TableContext, events: Events) {
    this.#table = table;
    this.#used = used;
    this.#context = context;
    this.#events = events;
  }

  follow() {
    const { changes, keyOf, name } = this.#table;
    const { fleet, shards, losses } = this.#context;
    const following = changes.subscribe({
      next: (change) => {
        if (change.type === 'added' || change.type === 'changed') {
          const key = keyOf(change.value);
          this.#shardOf(key)?.set(key, change.value);
        } else if (change.type === 'removed') {
          const key = keyOf(change.value);
          this.#shardOf(key)?.delete(key);
        } else if (change.type === 'unread') {
          this.#unread = change.reason;
          this.#events.next({ type: 'unread', table: name, reason: change.reason });
          this.#judge();
        } else {
          const { entries } = change;
          this.#unread = undefined;
          this.#events.next({ type: 'synced', table: name, entries: entries.length });
          // After a loss, the differences came before.
          if (this.#shards.length > 0) {
            this.#judge();
            return;
          }
          const rows = entries.map((row) => [keyOf(row), row] as const);
          this.#begin(shards ?? shardCount(entries, this.#table.stateOf, fleet.messageLimit), rows);
        }
      },
      error: (error: unknown) => this.#events.error(error),
      complete: () => this.#events.error(new FleetError(`agent: table '${name}': the collection of the kernel's table ended`, 'closed')),
    });
    // After each loss of the connection, the server may have lost what it had stored.
    following.add(
      fleet.up.subscribe({
        next: (up) => {
          if (up) for (const shard of [...this.#shards, ...this.#unused]) shard.verify();
        },
        error: (error: unknown) => this.#events.error(error),
      }),
    );
    following.add(
      losses.subscribe((first) => {
        for (const shard of this.#shards) shard.verifyFrom(first);
      }),
    );
    return following;
  }

  stop(): void {
    for (const shard of [...this.#shards, ...this.#unused]) shard.stop();
    this.#unused.clear();
  }

  #shardOf(key: string): ShardWriter | undefined {
    return this.#shards[shardOfKey(key, this.#shards.length)];
  }

  /** Writes the snapshots of all shards; that of the first shard, which contains their number, is last. */
  #begin(count: number, rows: Iterable<readonly [string, object]>): void {
    this.stop();
    const shards = Array.from({ length: count }, (_, shard) => this.#writer(shard));
    this.#shards = shards;
    this.#judge();
    for (const [key, row] of rows) this.#shardOf(key)?.set(key, row);
    const [first, ...others] = shards;
    const unused = Array.from({ length: Math.max(0, this.#used - count) }, (_, at) => this.#writer(count + at));
    const isCurrent = (): boolean => this.#shards === shards;
    void Promise.all(others.map((shard) => shard.start(count)))
      .then(() => (isCurrent() ? first?.start(count) : undefined))
      .then(() => {
        if (!isCurrent()) return;
        this.#judge();
        for (const shard of unused) {
          this.#unused.add(shard);
          void shard.start(0).then(() => {
            shard.stop();
            this.#unused.delete(shard);
          });
        }
      });
    // Those that are not ended yet remain, if this is interrupted.
    this.#used = Math.max(this.#used, count);
  }

  #writer(shard: number): ShardWriter {
    const { host, cell, ...context } = this.#context;
    const { family, op, name: table, stateOf } = this.#table;
    return new ShardWriter(stateSubject({ cell, host, family, op, shard }), {
      ...context,
      stateOf,
      published: ({ set, del, data, snapshot }) =>
        this.#events.next({ type: 'published', table, set, del, bytes: data.byteLength, snapshot }),
      judged: () => this.#judge(),
      skipped: (key, row, bytes) =>
        this.#events.next({ type: 'skipped', table, key, name: nameOf(row), bytes, limit: this.#context.fleet.messageLimit }),
      retrying: (reason, attempt) => this.#events.next({ type: 'retrying', table, reason, attempt }),
      fail: (error) => this.#fail(error),
    });
  }

  #judge(): void {
    const isStored = this.#unread === undefined && this.#shards.length > 0 && this.#shards.every((shard) => shard.isCurrent);
    this.#context.stored(this.#table, isStored, this.#unread);
  }

  #fail(error: unknown): void {
    if (!(error instanceof OversizeError)) {
      this.#events.error(error);
      return;
    }
    const count = this.#shards.length;
    const rows = this.#shards.flatMap((shard) => [...shard.rows]);
    // A single row may also exceed a message; more shards do not help then.
    if (this.#context.shards === undefined && count * 2 <= Math.min(MAX_SHARDS, rows.length)) this.#begin(count * 2, rows);
    else this.#events.error(this.#sizeError(error.size, count));
  }

  #sizeError(size: number, count: number): FleetError {
    const limit = this.#context.fleet.messageLimit;
    const needed = Math.min(MAX_SHARDS, Math.ceil((count * size * 1.5) / limit));
    return new FleetError(
      `agent: table '${this.#table.name}' of host '${this.#context.host}': a snapshot has ${size} bytes, and a message at most ${limit}; ` +
        `use shards: ${needed} instead of ${count}, or raise max_payload of the server`,
      'size',
      { code: 'EMSGSIZE' },
    );
  }
}
