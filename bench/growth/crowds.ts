import type { Bench, GrowthRow } from '../bench.js';
import { Contender } from '../support/contender.js';
import { figuresOf, grouped } from '../support/figures.js';
import { subject } from '../support/programs.js';
import type { Growth } from '../support/result.js';
import { checkLinear, curve } from './power.js';

const RUNS = 9;
/** The number of routes that each of many sockets dumps. */
const ROUTES = 1000;

/**
 * Returns the median time of a command of bench/subjects/growth.ts for each size, in milliseconds. All sizes are measured in turn: other machines
 * of the host would otherwise slow one size, and not the next.
 */
async function measureSizes(namespace: string, what: string, sizes: readonly number[]): Promise<number[]> {
  const contenders = sizes.map((size) => new Contender(`${what} ${size}`, namespace, subject('growth', [what, `${size}`])));
  const times: number[][] = sizes.map(() => []);
  try {
    for (let run = -2; run < RUNS; run++) {
      for (const [index, contender] of contenders.entries()) {
        const { nanoseconds, count } = await contender.measure();
        if (run >= 0) times[index]!.push(nanoseconds / count / 1e6);
      }
    }
  } finally {
    for (const contender of contenders) contender.close();
  }
  return times.map((each) => figuresOf(each).median);
}

/** Measures a growing number of requests in flight on one socket. */
export const requestsGrowth: GrowthRow = {
  name: 'growth-requests',
  async measure(bench: Bench): Promise<Growth> {
    const sizes = [1, 10, 100, 1000, 10_000];
    const curves = [curve('until all are answered', sizes, await measureSizes(bench.withoutRoutes(), 'requests', sizes))];
    const title = 'requests for one link, all at once on one socket';
    return { name: 'growth-requests', title, size: 'requests', unit: 'ms', sizes, curves, checks: checkLinear('requests', sizes, curves) };
  },
};

/** Measures a growing number of sockets in one process. */
export const socketsGrowth: GrowthRow = {
  name: 'growth-sockets',
  async measure(bench: Bench): Promise<Growth> {
    const sizes = [1, 16, 256];
    const curves = [curve('until all have ended', sizes, await measureSizes(bench.withRoutes(ROUTES), 'sockets', sizes))];
    const title = `sockets that each dump ${grouped(ROUTES)} routes, all at once`;
    return { name: 'growth-sockets', title, size: 'sockets', unit: 'ms', sizes, curves, checks: checkLinear('sockets', sizes, curves) };
  },
};
