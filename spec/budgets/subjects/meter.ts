import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** The cost of one unit of work. */
export interface Cost {
  /** Bytes of heap, without garbage collection. */
  readonly bytes: number;
  /** Thousands of units a second of CPU time. */
  readonly rate: number;
}

const WARM_UP = 2;
const RUNS = 3;

const collect = (globalThis as { gc?: () => void }).gc ?? ((): never => fail('meter: gc() is missing; run it with --expose-gc'));
let collections = 0;
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] });

/**
 * Measures the cost of a unit of `work`; `prepare` is not measured.
 *
 * The young generation must have room for a whole run: runs with a garbage collection do not count.
 */
export async function meter<T>(
  units: number,
  prepare: () => T,
  work: (prepared: T) => void | Promise<void>,
  end?: () => void,
): Promise<Cost> {
  const bytes: number[] = [];
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const prepared = prepare();
    collect();
    await turn();
    const before = collections;
    const heap = getHeapStatistics().used_heap_size;
    const began = process.cpuUsage();
    const working = work(prepared);
    if (working !== undefined) await working;
    const { user, system } = process.cpuUsage(began);
    const used = getHeapStatistics().used_heap_size - heap;
    await turn();
    end?.();
    if (run < WARM_UP) continue;
    times.push(user + system);
    if (collections === before) bytes.push(used);
  }
  if (bytes.length === 0) fail('meter: garbage was collected in every run; enlarge the young generation');
  return { bytes: median(bytes) / units, rate: (units / Math.min(...times)) * 1000 };
}

/** Waits for three turns of the event loop; V8 notifies observers of garbage collections in a later turn. */
async function turn(): Promise<void> {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

function fail(reason: string): never {
  throw new Error(reason);
}
