import { MAX_SHARDS } from './limits.js';

/** The version of the format. */
const VERSION = 1;

/** The characters of a reason in a beat, which is sent again and again. */
const LONGEST_REASON = 300;

/** A beat: the agent of a host runs. @internal */
export interface Beat {
  /** Names one run of an agent; unique. */
  readonly epoch: string;
  /** The number that decides which of two agents of a host continues: the greater one started later. */
  readonly start: number;
  /** Milliseconds between two beats. */
  readonly interval: number;
  /** The cell of the host's rows; undefined in a beat of an agent of an earlier version. */
  readonly cell?: number | undefined;
  /** The tables `family/op`; true if the table is synced. */
  readonly tables: Readonly<Record<string, boolean>>;
  /** The tables `family/op` that the agent cannot read, with the reasons. */
  readonly unread?: Readonly<Record<string, string>>;
  /** True in the last beat of an agent that ends. */
  readonly ended: boolean;
  /** True in a beat that removes the host from the fleet. An agent that runs ends. */
  readonly forgotten?: boolean;
}

/** Writes a beat. @internal */
export function encodeBeat({ epoch, start, interval, cell, tables, unread = {}, ended, forgotten }: Beat): string {
  const reasons = Object.entries(unread).map(([name, reason]) => [name, reason.slice(0, LONGEST_REASON)] as const);
  return JSON.stringify({
    ...{ v: VERSION, epoch, start, interval, cell, tables },
    ...(reasons.length > 0 ? { unread: Object.fromEntries(reasons) } : {}),
    ...(ended ? { ended } : {}),
    ...(forgotten === true ? { forgotten } : {}),
  });
}

/** Reads a beat; undefined if it is not one, or one of another version. @internal */
export function decodeBeat(data: Uint8Array): Beat | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, epoch, start, interval, cell, tables, unread, ended, forgotten } = value as { readonly [Name in keyof Beat | 'v']?: unknown };
  if (v !== VERSION || typeof epoch !== 'string' || !Number.isSafeInteger(start)) return undefined;
  if (typeof interval !== 'number' || !(interval > 0) || typeof tables !== 'object' || tables === null) return undefined;
  const known = Object.entries(tables).map(([name, synced]: [string, unknown]) => [name, synced === true] as const);
  return {
    ...{ epoch, start: start as number, interval, tables: Object.fromEntries(known), ended: ended === true },
    ...(isCell(cell) ? { cell } : {}),
    ...reasonsOf(unread),
    ...(forgotten === true ? { forgotten } : {}),
  };
}

function isCell(cell: unknown): cell is number {
  return Number.isInteger(cell) && (cell as number) >= 0 && (cell as number) < MAX_SHARDS;
}

/** Agents of earlier versions send no reasons. */
function reasonsOf(unread: unknown): Pick<Beat, 'unread'> {
  if (typeof unread !== 'object' || unread === null) return {};
  const texts = Object.entries(unread).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? {} : { unread: Object.fromEntries(texts.map(([name, reason]) => [name, reason.slice(0, LONGEST_REASON)])) };
}

/** The run of an agent that wrote the rows of a table, by the first message that a reader has of it. @internal */
export interface WrittenRun {
  readonly epoch: string;
  /** Milliseconds since 1970 by the server's clock. */
  readonly since: number;
}

/**
 * Returns true if the server does not have the rows that a running agent has: they are those of an earlier run, or the agent retries a write.
 *
 * @param beat - The last beat of the host, and when the server stored it.
 * @param table - The table `family/op`.
 * @internal
 */
export function isBehind(beat: Beat & { readonly time: number }, table: string, run: WrittenRun | undefined): boolean {
  const isStored = beat.tables[table];
  if (beat.ended || isStored === undefined) return false;
  if (run === undefined || !(startOf(run.epoch) >= beat.start)) return true;
  // The first snapshot of a run is stored before the beat that reports it.
  return !isStored && (run.epoch !== beat.epoch || run.since <= beat.time);
}

/**
 * Returns true if the first run started later. A run without a name is one of another program; of two of those, the later one counts.
 *
 * @internal
 */
export function isLaterRun(one: WrittenRun | undefined, other: WrittenRun | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  const [first, second] = [one, other].map((run) => startOf(run.epoch) || 0) as [number, number];
  if (first !== second) return first > second;
  return one.epoch === other.epoch ? one.since > other.since : one.epoch > other.epoch;
}

/** Returns the name of a run. @internal */
export function epochName(start: number, unique: string): string {
  return `${start.toString(36)}-${unique}`;
}

function startOf(epoch: string): number {
  return parseInt(epoch, 36);
}

/** Returns true if the first beat belongs to an agent that started later than that of the second. @internal */
export function startedLater(one: Pick<Beat, 'epoch' | 'start'>, other: Pick<Beat, 'epoch' | 'start'>): boolean {
  return one.start === other.start ? one.epoch > other.epoch : one.start > other.start;
}
