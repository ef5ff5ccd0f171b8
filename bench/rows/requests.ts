import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { digits, grouped, scaled, spread } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const WRITES_BOUND = 1.2;

interface SequentialRow {
  /** The command of bench/floor/floor.c and bench/subjects/measure.ts. */
  readonly name: 'sequential' | 'getroute';
  readonly title: string;
  readonly bound?: number;
}

/** Returns a row that measures sequential raw requests. */
const sequentialRow = ({ name, title, bound }: SequentialRow): Row => ({
  name,
  async measure(bench: Bench): Promise<Result> {
    const { requests, shortRuns } = bench.options;
    const namespace = bench.withoutRoutes();
    const args = [name, `${requests}`];
    const floor = [compile('floor/floor.c'), ...args];
    const { reference, other, ratio } = await bench.duel(namespace, floor, subject('measure', args), shortRuns);
    const peers = name === 'sequential' ? await bench.peers(name, args, namespace, floor, 1e-3) : { series: [], missing: [] };
    return {
      name,
      title: `${title}: one of ${grouped(requests)}`,
      unit: 'us',
      series: [
        { name: 'C', role: 'floor', figures: scaled(reference, 1e3) },
        { name: 'rxnetlink', role: 'library', figures: scaled(other, 1e3), ratio },
        ...peers.series,
      ],
      checks: bound === undefined ? [] : [checkRatio(title, ratio, bound)],
      missing: peers.missing,
    };
  },
});

/** Measures sequential requests for one link, and for one route: its reply is small, so that it shows the fixed cost. */
export const sequentialRows: readonly Row[] = [
  sequentialRow({ name: 'sequential', title: 'sequential raw requests, each awaited', bound: 1.5 }),
  sequentialRow({ name: 'getroute', title: 'sequential raw requests for a route, each awaited' }),
];

interface Kind {
  readonly name: string;
  readonly work: string;
  readonly title: string;
  readonly bound: number;
  /** The row to compare with, if it is not C. */
  readonly beside?: readonly [work: string, name: string];
}

const KINDS: readonly Kind[] = [
  { name: 'do', work: 'do', title: 'typed requests, each awaited', bound: 2.5 },
  { name: 'pick', work: 'pick', title: 'one property of typed replies', bound: 0.9, beside: ['do', 'the whole row'] },
  { name: 'crowd', work: 'crowd', title: '1,000 typed requests at once', bound: 1.5 },
  { name: 'sync', work: 'sync', title: 'requestSync in a loop', bound: 2 },
];

/** Measures typed requests for one link, and those that block. */
export const typedRequestRows: readonly Row[] = KINDS.map(({ name, work, title, bound, beside }) => ({
  name,
  async measure(bench: Bench): Promise<Result> {
    const { requests, shortRuns } = bench.options;
    const count = `${requests}`;
    const floor = beside === undefined ? [compile('floor/floor.c'), 'sequential', count] : subject('measure', [beside[0], count]);
    const { reference, other, ratio } = await bench.duel(bench.withoutRoutes(), floor, subject('measure', [work, count]), shortRuns);
    const to = beside?.[1] ?? 'C';
    return {
      name,
      title: `${title}: one of ${grouped(requests)}`,
      unit: 'us',
      series: [
        { name: to, role: 'floor', figures: scaled(reference, 1e3) },
        { name: 'rxnetlink', role: 'library', figures: scaled(other, 1e3), ratio },
      ],
      checks: [checkRatio(title, ratio, bound, to)],
      missing: [],
    };
  },
}));

/** Measures routes added and deleted in batches, compared with `ip -batch`. */
export const writesRow: Row = {
  name: 'writes',
  async measure(bench: Bench): Promise<Result> {
    const { writes, shortRuns } = bench.options;
    const namespace = bench.withoutRoutes();
    const floor = [compile('floor/storm-writer.c'), `${writes}`];
    const library = subject('measure', ['writes', `${writes}`]);
    const { reference, other, ratio } = await bench.duel(namespace, floor, library, shortRuns);
    const peers = await bench.peers('writes', ['writes', `${writes}`], namespace, library, 1e-3);
    const ip = peers.series.find(({ name }) => name === 'ip -batch')?.ratio;
    const title = 'routes written in batches';
    return {
      name: 'writes',
      title: `${title}: one of ${grouped(writes)}, half of them added, half deleted`,
      unit: 'us',
      series: [
        { name: 'C', role: 'floor', figures: scaled(reference, 1e3) },
        { name: 'rxnetlink', role: 'library', figures: scaled(other, 1e3), ratio },
        ...peers.series.map((series) => ({ ...series, to: 'rxnetlink' })),
      ],
      checks: [
        checkRatio(title, ratio, WRITES_BOUND),
        ...(ip === undefined
          ? []
          : [
              {
                what: title,
                bound: 'faster than ip -batch',
                figure: `${digits(ip.median)} x as fast (${spread(ip)})`,
                holds: ip.median > 1,
              },
            ]),
      ],
      missing: peers.missing,
    };
  },
};
