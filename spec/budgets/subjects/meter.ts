import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** What one unit of work costs. */
export interface Cost {
  /** Bytes of heap, where nothing was collected meanwhile. */
  readonly bytes: number;
  /** Thousands a second of CPU time. */
  readonly rate: number;
}

const WARM_UP = 2;
const RUNS = 3;

const collect = (globalThis as { gc?: () => void }).gc ?? ((): never => fail('run it with --expose-gc'));
let collections = 0;
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] });

/**
 * Measures what `work` costs a unit; `prepare` is not measured.
 *
 * The young generation has to be large enough for all of a run: a run in which something was collected does not count.
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
  if (bytes.length === 0) fail('something was collected in every run: the young generation is too small');
  return { bytes: median(bytes) / units, rate: (units / Math.min(...times)) * 1000 };
}

/** Collections are told of in a later turn. */
async function turn(): Promise<void> {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

function fail(reason: string): never {
  throw new Error(reason);
}
