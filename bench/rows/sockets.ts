import type { Bench, Row } from '../bench.js';
import type { Work } from '../peers/peer.js';
import { checkRatio } from '../support/checks.js';
import { grouped, scaled, type Figures } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Result, Series } from '../support/result.js';

/** INET_DIAG_INFO and INET_DIAG_CONG: bits `1 << (number - 1)`. */
const EXTENSIONS = (1 << 1) | (1 << 3);
const BOUND = 2;

interface SocketsRow {
  readonly name: Work;
  readonly title: string;
  readonly ext: number;
  /** The flags of `ss` for the same sockets. */
  readonly flags: string;
}

/** The two lists. */
const LISTS: readonly SocketsRow[] = [
  { name: 'sockets', title: 'TCP sockets, list()', ext: 0, flags: '-tanOH' },
  { name: 'sockets-info', title: 'TCP sockets with tcp_info and congestion control, list()', ext: EXTENSIONS, flags: '-taniOH' },
];

/** Measures a program beside C, in milliseconds of processor time. */
async function duel(bench: Bench, ext: number, program: string): Promise<{ readonly series: readonly Series[]; readonly ratio: Figures }> {
  const { sockets, runs } = bench.options;
  const namespace = await bench.withSockets(sockets);
  const { reference, other, ratio } = await bench.duel(namespace, floorOf(ext), subject(program, [`${ext}`]), 3 * runs);
  const scale = 1e6 / sockets;
  const name = program === 'sockets' ? 'rxnetlink' : 'JavaScript';
  const series: Series[] = [
    { name: 'C', role: 'floor', figures: scaled(reference, scale) },
    { name, role: 'library', figures: scaled(other, scale), ratio },
  ];
  return { series, ratio };
}

function floorOf(ext: number): string[] {
  return [compile('floor/sockets.c'), 'list', `${ext}`];
}

/** The lists of TCP sockets. */
export const socketsRows: readonly Row[] = LISTS.map(({ name, title, ext, flags }) => ({
  name,
  async measure(bench: Bench): Promise<Result> {
    const { sockets } = bench.options;
    const { series, ratio } = await duel(bench, ext, 'sockets');
    const peers = await bench.peers(name, [flags], await bench.withSockets(sockets), floorOf(ext), sockets / 1e6);
    return {
      name,
      title: `${title}, ${grouped(sockets)} sockets, processor time`,
      unit: 'ms',
      series: [...series, ...peers.series],
      checks: [checkRatio(title, ratio, BOUND)],
      missing: peers.missing,
    };
  },
}));

/** The same lists by JavaScript that only makes the rows. */
export const socketsFloorRows: readonly Row[] = LISTS.map(({ name, ext }) => ({
  name: `floor-${name}`,
  async measure(bench: Bench): Promise<Result> {
    const { series } = await duel(bench, ext, 'floors/sockets');
    const what = ext === 0 ? 'rows of TCP sockets' : 'rows of TCP sockets with tcp_info and congestion control';
    return {
      name: `floor-${name}`,
      title: `JavaScript that only makes ${what}, ${grouped(bench.options.sockets)} sockets, processor time`,
      unit: 'ms',
      series,
      checks: [],
      missing: [],
    };
  },
}));
