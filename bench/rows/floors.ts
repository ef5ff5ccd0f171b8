import type { Bench, Row } from '../bench.js';
import { grouped, scaled } from '../support/figures.js';
import type { Options } from '../support/options.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';
import { millionOptions } from './dump.js';

interface FloorRow {
  readonly name: string;
  readonly title: string;
  /** The command of bench/subjects/floors.ts. */
  readonly work: 'dump' | 'emitted' | 'typed' | 'list' | 'watch' | 'sequential' | 'promised' | 'do' | 'crowd' | 'sync' | 'writes';
  /** It has as many routes as the row `watch-million`. */
  readonly isMillion?: true;
}

const FLOORS: readonly FloorRow[] = [
  { name: 'floor-raw', title: 'JavaScript that only reads the messages', work: 'dump' },
  { name: 'floor-emitted', title: 'JavaScript that only keeps the promises of a dump', work: 'emitted' },
  { name: 'floor-typed', title: 'JavaScript that only makes rows', work: 'typed' },
  { name: 'floor-list', title: 'JavaScript that only makes rows in an array', work: 'list' },
  { name: 'floor-watch', title: 'JavaScript that only makes rows in an array and a table of hashes', work: 'watch' },
  {
    name: 'floor-watch-million',
    title: 'JavaScript that only makes rows of a full table and a table of hashes',
    work: 'watch',
    isMillion: true,
  },
  { name: 'floor-sequential', title: 'JavaScript that only sends sequential requests', work: 'sequential' },
  { name: 'floor-promised', title: 'JavaScript that only keeps the promises of a request', work: 'promised' },
  { name: 'floor-do', title: 'JavaScript that only sends sequential requests and makes rows', work: 'do' },
  { name: 'floor-crowd', title: 'JavaScript that only sends requests and makes 1,000 rows at once', work: 'crowd' },
  { name: 'floor-sync', title: 'JavaScript that only sends requests on a blocking socket', work: 'sync' },
  { name: 'floor-writes', title: 'JavaScript that only writes routes into datagrams', work: 'writes' },
];

const DUMPS: ReadonlySet<FloorRow['work']> = new Set(['dump', 'emitted', 'typed', 'list', 'watch']);

/** The size of the work, the runs of it, and the program in C that does the same. */
function scaleOf(
  work: FloorRow['work'],
  options: Options,
): { readonly count: number; readonly runs: number; readonly args: string[]; readonly floor: string[] } {
  if (work === 'writes') {
    const args = [`${options.writes}`];
    return { count: options.writes, runs: options.shortRuns, args, floor: [compile('floor/storm-writer.c'), ...args] };
  }
  const floor = compile('floor/floor.c');
  if (DUMPS.has(work)) return { count: options.routes, runs: options.runs, args: [], floor: [floor, 'dump'] };
  const args = [`${options.requests}`];
  return { count: options.requests, runs: options.shortRuns, args, floor: [floor, 'sequential', ...args] };
}

/** Measures programs in JavaScript that do only the named work with this addon, beside C. */
export const floorRows: readonly Row[] = FLOORS.map(({ name, title, work, isMillion }) => ({
  name,
  async measure(bench: Bench): Promise<Result> {
    const options = isMillion === true ? millionOptions(bench.options) : bench.options;
    const { count, runs, args, floor } = scaleOf(work, options);
    const isDump = args.length === 0;
    const namespace = isDump ? bench.withRoutes(count) : bench.withoutRoutes();
    const { reference, other, ratio } = await bench.duel(namespace, floor, subject('floors', [work, ...args]), runs);
    const scale = isDump ? count / 1e6 : 1e-3;
    return {
      name,
      title: isDump ? `${title}, ${grouped(count)} routes` : `${title}: one of ${grouped(count)}`,
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
