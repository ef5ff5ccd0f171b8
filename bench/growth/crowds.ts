import type { Bench, GrowthRow } from '../bench.js';
import { Contender } from '../support/contender.js';
import { grouped } from '../support/figures.js';
import { subject } from '../support/programs.js';
import type { Growth } from '../support/result.js';
import { measureInTurn } from './in-turn.js';
import { checkLinear, curve } from './power.js';

const RUNS = 9;
/** The number of routes that each of many sockets dumps. */
const ROUTES = 1000;

/** Returns the median time of a command of bench/subjects/growth.ts for each size, in milliseconds. */
function measureSizes(namespace: string, what: string, sizes: readonly number[]): Promise<number[]> {
  const contenders = sizes.map((size) => new Contender(`${what} ${size}`, namespace, subject('growth', [what, `${size}`])));
  return measureInTurn(contenders, RUNS, ({ nanoseconds, count }) => nanoseconds / count / 1e6);
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
