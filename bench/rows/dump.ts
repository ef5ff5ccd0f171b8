import type { Bench, Row } from '../bench.js';
import type { Work } from '../peers/peer.js';
import { checkRatio } from '../support/checks.js';
import { grouped, scaled } from '../support/figures.js';
import type { Options } from '../support/options.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

interface DumpRow {
  readonly name: Work | 'watch' | 'watch-million';
  readonly title: string;
  /** The arguments of bench/subjects/measure.ts. */
  readonly args: readonly string[];
  readonly bound: number;
  /** The options of the row; by default those of the command line. */
  readonly size?: (options: Options) => Options;
}

/** Returns the options of the rows about a full table. */
export function millionOptions(options: Options): Options {
  return { ...options, routes: options.million };
}

/** Returns a row that measures a dump of all IPv4 routes, in milliseconds. */
function dumpRow({ name, title, args, bound, size = (options) => options }: DumpRow): Row {
  return {
    name,
    async measure(bench: Bench): Promise<Result> {
      const { routes, runs } = size(bench.options);
      const namespace = bench.withRoutes(routes);
      const floor = [compile('floor/floor.c'), 'dump'];
      // From nanoseconds of one route to milliseconds of all.
      const scale = routes / 1e6;
      const { reference, other, ratio } = await bench.duel(namespace, floor, subject('measure', args), runs);
      const peers =
        name === 'watch' || name === 'watch-million'
          ? { series: [], missing: [] }
          : await bench.peers(name, ['dump'], namespace, floor, scale);
      return {
        name,
        title: `${title}, ${grouped(routes)} routes`,
        unit: 'ms',
        series: [
          { name: 'C', role: 'floor', figures: scaled(reference, 1 / scale) },
          { name: 'rxnetlink', role: 'library', figures: scaled(other, 1 / scale), ratio },
          ...peers.series,
        ],
        checks: [checkRatio(title, ratio, bound)],
        missing: peers.missing,
      };
    },
  };
}

/** The dumps: raw messages, streamed rows, rows in an array, and the first emission of a collection. */
export const dumpRows: readonly Row[] = [
  dumpRow({ name: 'raw', title: 'raw messages through request()', args: ['dump'], bound: 1.1 }),
  dumpRow({ name: 'typed', title: 'typed rows streamed through dump()', args: ['typed'], bound: 1.2 }),
  dumpRow({ name: 'list', title: 'typed rows kept in an array, list()', args: ['list'], bound: 1.3 }),
  dumpRow({ name: 'watch', title: 'a collection until it is synced, watch()', args: ['watch'], bound: 1.8 }),
  dumpRow({
    name: 'watch-million',
    title: 'a collection of a full table until it is synced, watch()',
    args: ['watch'],
    bound: 2,
    size: millionOptions,
  }),
];
