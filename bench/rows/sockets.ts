import type { Bench, Row } from '../bench.js';
import type { Work } from '../peers/peer.js';
import { checkRatio } from '../support/checks.js';
import { grouped, scaled } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

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

/** Returns a row that measures lists of TCP sockets, in milliseconds of processor time. */
function socketsRow({ name, title, ext, flags }: SocketsRow): Row {
  return {
    name,
    async measure(bench: Bench): Promise<Result> {
      const { sockets, runs } = bench.options;
      const namespace = await bench.withSockets(sockets);
      const floor = [compile('floor/sockets.c'), 'list', `${ext}`];
      const scale = sockets / 1e6;
      const { reference, other, ratio } = await bench.duel(namespace, floor, subject('sockets', [`${ext}`]), 3 * runs);
      const peers = await bench.peers(name, [flags], namespace, floor, scale);
      return {
        name,
        title: `${title}, ${grouped(sockets)} sockets, processor time`,
        unit: 'ms',
        series: [
          { name: 'C', role: 'floor', figures: scaled(reference, 1 / scale) },
          { name: 'rxnetlink', role: 'library', figures: scaled(other, 1 / scale), ratio },
          ...peers.series,
        ],
        checks: [checkRatio(title, ratio, BOUND)],
        missing: peers.missing,
      };
    },
  };
}

/** The lists of TCP sockets. */
export const socketsRows: readonly Row[] = [
  socketsRow({ name: 'sockets', title: 'TCP sockets, list()', ext: 0, flags: '-tanOH' }),
  socketsRow({
    name: 'sockets-info',
    title: 'TCP sockets with tcp_info and congestion control, list()',
    ext: EXTENSIONS,
    flags: '-taniOH',
  }),
];
