import { sameValue } from '../../live/internal.js';
import type { WrittenRun } from '../log/beat.js';
import { LimitError } from '../log/limits.js';
import { decodeMessage, type LogMessage } from '../log/message.js';
import type { StreamMessage } from './ordered-messages.js';

/** A difference of a row. @internal */
export interface RowChange {
  readonly key: string;
  /** The row before; undefined for a new row. */
  readonly previous: object | undefined;
  /** The row; undefined if it was removed. */
  readonly value: object | undefined;
}

/** The result of a message. @internal */
export type Applied =
  | { readonly type: 'changes'; readonly changes: readonly RowChange[] }
  /** The message before this one is missing. */
  | { readonly type: 'gap' }
  /** The message cannot be read. */
  | ({ readonly type: 'invalid' } & Rejection);

/** Why a message was not applied: it cannot be read, or exceeds a limit. @internal */
export interface Rejection {
  readonly reason: 'message' | 'limit';
  readonly detail: string;
}

/** The name of a message and the time when the server stored it. @internal */
export type MessageStamp = Pick<StreamMessage, 'batch' | 'time'>;

type Rows = Map<string, object>;

/** The rows of a shard after its last message. */
interface ShardLog {
  rows: Rows;
  /** The sequence of the last message. */
  last: number;
  /** The number of shards when the snapshot was written. */
  readonly of: number;
}

interface ShardState {
  current: ShardLog | undefined;
  /** The rows for another number of shards, until the first shard has that number. */
  next: ShardLog | undefined;
  /** Messages are missing, or cannot be read; the next snapshot ends that. */
  isBroken: boolean;
}

const UNCHANGED: Applied = { type: 'changes', changes: [] };

/**
 * The rows of a table of a host, by the messages of its shards.
 *
 * The snapshot of shard 0 decides how many shards the table has: an agent that changes their number writes it last.
 *
 * @internal
 */
export class HostLog {
  readonly #pick: ReadonlySet<string> | undefined;
  readonly #shards = new Map<number, ShardState>();
  #run: WrittenRun | undefined;
  #rejection: Rejection | undefined;

  constructor(pick?: ReadonlySet<string>) {
    this.#pick = pick;
  }

  /** The number of shards; undefined before the snapshot of the first. 0 for a table that the agent does not follow any more. */
  get #count(): number | undefined {
    return this.#shards.get(0)?.current?.of;
  }

  /** The sequence of the last message; 0 if there was none. */
  get last(): number {
    return Math.max(0, ...[...this.#shards.values()].flatMap(({ current, next }) => [current?.last ?? 0, next?.last ?? 0]));
  }

  /** The last message that was not applied. */
  get rejection(): Rejection | undefined {
    return this.#rejection;
  }

  /** The run of the agent that wrote the first shard, which is written last. */
  get run(): WrittenRun | undefined {
    return this.#run;
  }

  /** True if each shard is read up to its last message. */
  get isComplete(): boolean {
    const count = this.#count;
    if (count === undefined || this.#shards.get(0)?.isBroken === true) return false;
    for (let shard = 0; shard < count; shard++) {
      const state = this.#shards.get(shard);
      if (state?.current === undefined || state.isBroken) return false;
    }
    return true;
  }

  /** True if the agent ended the table. */
  get isEnded(): boolean {
    return this.#count === 0;
  }

  /** Returns the rows by their keys. */
  rows(): ReadonlyMap<string, object> {
    const count = this.#count ?? Number.POSITIVE_INFINITY;
    if (count === 1) return this.#shards.get(0)?.current?.rows ?? new Map();
    const rows: Rows = new Map();
    for (const [shard, { current }] of this.#shards) {
      if (shard < count) for (const [key, row] of current?.rows ?? []) rows.set(key, row);
    }
    return rows;
  }

  /**
   * Applies a message of a shard.
   *
   * @param stamp - The name of the message, and when the server stored it.
   */
  apply(shard: number, sequence: number, data: Uint8Array, stamp?: MessageStamp): Applied {
    const state = this.#state(shard);
    const log = state.next ?? state.current;
    if (log !== undefined && sequence <= log.last) return UNCHANGED;
    if (shard === 0 && stamp !== undefined) this.#noteRun(stamp);
    let message: LogMessage;
    try {
      message = decodeMessage(data, this.#pick);
    } catch (error) {
      state.isBroken = true;
      const reason = error instanceof LimitError ? 'limit' : 'message';
      this.#rejection = { reason, detail: `message ${sequence}: ${(error as Error).message}` };
      return { type: 'invalid', ...this.#rejection };
    }
    if (message.prev === 0) return this.#replace(shard, { rows: new Map(message.set), last: sequence, of: message.shards ?? 1 });
    if (log === undefined || log.last !== message.prev || state.isBroken) {
      const wasBroken = state.isBroken;
      state.isBroken = true;
      return wasBroken ? UNCHANGED : { type: 'gap' };
    }
    log.last = sequence;
    const changes = applyBatch(log.rows, message);
    return state.next === undefined && shard < (this.#count ?? 0) ? { type: 'changes', changes } : UNCHANGED;
  }

  /** Takes a shard from a log that was read again. */
  adopt(shard: number, other: HostLog): readonly RowChange[] {
    const { current, isBroken } = other.#state(shard);
    if (current === undefined || isBroken) {
      this.#state(shard).isBroken = true;
      return [];
    }
    if (shard === 0) this.#run = other.#run;
    const applied = this.#replace(shard, current);
    return applied.type === 'changes' ? applied.changes : [];
  }

  #noteRun({ batch, time }: MessageStamp): void {
    const epoch = batch.slice(0, batch.lastIndexOf('.'));
    if (epoch !== this.#run?.epoch) this.#run = { epoch, since: time };
  }

  #replace(shard: number, log: ShardLog): Applied {
    const state = this.#state(shard);
    const count = this.#count;
    state.isBroken = false;
    if (shard !== 0 && count !== undefined && count !== log.of) {
      state.next = log;
      return UNCHANGED;
    }
    if (shard !== 0 || count === log.of) {
      const before = state.current?.rows;
      state.current = log;
      state.next = undefined;
      return { type: 'changes', changes: shard < (count ?? 0) ? rowChanges(before ?? new Map(), log.rows) : [] };
    }
    const before = count === undefined ? new Map<string, object>() : this.rows();
    state.current = log;
    for (const other of this.#shards.values()) {
      if (other.next?.of !== log.of) continue;
      other.current = other.next;
      other.next = undefined;
    }
    return { type: 'changes', changes: rowChanges(before, this.rows()) };
  }

  #state(shard: number): ShardState {
    let state = this.#shards.get(shard);
    if (state === undefined) {
      state = { current: undefined, next: undefined, isBroken: false };
      this.#shards.set(shard, state);
    }
    return state;
  }
}

function applyBatch(rows: Rows, { set, del }: LogMessage): readonly RowChange[] {
  const changes: RowChange[] = [];
  for (const key of del) {
    const previous = rows.get(key);
    if (!rows.delete(key)) continue;
    changes.push({ key, previous, value: undefined });
  }
  for (const [key, value] of set) {
    const previous = rows.get(key);
    rows.set(key, value);
    if (previous === undefined || !sameValue(previous, value)) changes.push({ key, previous, value });
  }
  return changes;
}

/** Compares all rows before and after. @internal */
export function rowChanges(before: ReadonlyMap<string, object>, after: ReadonlyMap<string, object>): readonly RowChange[] {
  const changes: RowChange[] = [];
  for (const [key, previous] of before) if (!after.has(key)) changes.push({ key, previous, value: undefined });
  for (const [key, value] of after) {
    const previous = before.get(key);
    if (previous === undefined || !sameValue(previous, value)) changes.push({ key, previous, value });
  }
  return changes;
}
