import type { PlanDifference } from '../plan/plan.js';

/** More repairs of one object than this within the window are a fight. */
const MOST = 5;
const WINDOW = 10_000;
const [FIRST_DELAY, LONGEST_DELAY] = [50, 300_000];

/** The repairs of one object. */
interface Entry {
  times: readonly number[];
  /** The present delay; 0 without a fight. */
  delay: number;
  /** No repair before this time. */
  until: number;
}

/**
 * The objects that another program writes again and again. The delay of their repairs doubles from 50 ms to 5 minutes.
 *
 * @internal
 */
export class Fights {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns true if the repair of an object has to wait. */
  waits(difference: PlanDifference): boolean {
    return (this.#entries.get(keyOf(difference))?.until ?? 0) > this.#now();
  }

  /** Counts a repair; returns the number of repairs if a fight begins with it. */
  repaired(difference: PlanDifference): number | undefined {
    const now = this.#now();
    const key = keyOf(difference);
    const found = this.#entries.get(key);
    const entry: Entry = found === undefined || isOver(found, now) ? { times: [], delay: 0, until: 0 } : found;
    entry.times = [...entry.times.filter((time) => time > now - WINDOW), now];
    this.#entries.set(key, entry);
    if (entry.delay === 0 && entry.times.length <= MOST) return undefined;
    const begins = entry.delay === 0;
    entry.delay = Math.min(begins ? FIRST_DELAY : entry.delay * 2, LONGEST_DELAY);
    entry.until = now + entry.delay;
    return begins ? entry.times.length : undefined;
  }

  /** The time to the next repair that waits, in milliseconds; undefined if none does. Fights that are over are forgotten. */
  get nextIn(): number | undefined {
    const now = this.#now();
    for (const [key, entry] of this.#entries) if (isOver(entry, now)) this.#entries.delete(key);
    const waiting = [...this.#entries.values()].map(({ until }) => until - now).filter((time) => time > 0);
    return waiting.length === 0 ? undefined : Math.min(...waiting);
  }

  /** The number of objects that are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** Returns true if a repair after this time begins a new count. */
function isOver({ times, delay }: Entry, now: number): boolean {
  return now > (times.at(-1) ?? 0) + delay * 2 + WINDOW;
}

function keyOf({ netns = '', table, name }: PlanDifference): string {
  return `${netns} ${table} ${name}`;
}
