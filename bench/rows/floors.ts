import type { Bench, Row } from '../bench.js';
import { grouped, scaled } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

interface FloorRow {
  readonly name: string;
  readonly title: string;
  /** The command of bench/subjects/floors.ts. */
  readonly work: 'dump' | 'list' | 'watch' | 'sequential';
}

const FLOORS: readonly FloorRow[] = [
  { name: 'floor-raw', title: 'JavaScript that only reads the messages', work: 'dump' },
  { name: 'floor-list', title: 'JavaScript that only makes rows in an array', work: 'list' },
  { name: 'floor-watch', title: 'JavaScript that only makes rows in an array and a table of hashes', work: 'watch' },
  { name: 'floor-sequential', title: 'JavaScript that only sends sequential requests', work: 'sequential' },
];

/** Measures programs in JavaScript that do only the named work with this addon, beside C. */
export const floorRows: readonly Row[] = FLOORS.map(({ name, title, work }) => ({
  name,
  async measure(bench: Bench): Promise<Result> {
    const { routes, requests, runs } = bench.options;
    const isDump = work !== 'sequential';
    const namespace = isDump ? bench.withRoutes(routes) : bench.withoutRoutes();
    const floor = [compile('floor/floor.c'), ...(isDump ? ['dump'] : ['sequential', `${requests}`])];
    const program = subject('floors', [work, ...(isDump ? [] : [`${requests}`])]);
    const { reference, other, ratio } = await bench.duel(namespace, floor, program, runs);
    const scale = isDump ? routes / 1e6 : 1e-3;
    return {
      name,
      title: isDump ? `${title}, ${grouped(routes)} routes` : `${title}: one of ${grouped(requests)}`,
      unit: isDump ? 'ms' : 'us',
      series: [
        { name: 'C', role: 'floor', figures: scaled(reference, 1 / scale) },
        { name: 'JavaScript', role: 'library', figures: scaled(other, 1 / scale), ratio },
      ],
      checks: [],
      missing: [],
    };
  },
}));
