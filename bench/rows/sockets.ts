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

/**
 * Returns a row that measures lists of TCP sockets, in milliseconds of processor time.
 *
 * @param isLeast - Measures the JavaScript that only makes the rows, in place of the library and the peers.
 */
function socketsRow({ name: work, title, ext, flags }: SocketsRow, isLeast: boolean): Row {
  const name = isLeast ? `floor-${work}` : work;
  return {
    name,
    async measure(bench: Bench): Promise<Result> {
      const { sockets, shortRuns } = bench.options;
      const namespace = await bench.withSockets(sockets);
      const floor = [compile('floor/sockets.c'), 'list', `${ext}`];
      const scale = sockets / 1e6;
      const { reference, other, ratio } = await bench.duel(
        namespace,
        floor,
        subject(isLeast ? 'floors/sockets' : 'sockets', [`${ext}`]),
        shortRuns,
      );
      const peers = isLeast ? { series: [], missing: [] } : await bench.peers(work, [flags], namespace, floor, scale);
      return {
        name,
        title: `${isLeast ? 'JavaScript that only makes rows: ' : ''}${title}, ${grouped(sockets)} sockets, processor time`,
        unit: 'ms',
        series: [
          { name: 'C', role: 'floor', figures: scaled(reference, 1 / scale) },
          { name: isLeast ? 'JavaScript' : 'rxnetlink', role: 'library', figures: scaled(other, 1 / scale), ratio },
          ...peers.series,
        ],
        checks: isLeast ? [] : [checkRatio(title, ratio, BOUND)],
        missing: peers.missing,
      };
    },
  };
}

const LISTS: readonly SocketsRow[] = [
  { name: 'sockets', title: 'TCP sockets, list()', ext: 0, flags: '-tanOH' },
  { name: 'sockets-info', title: 'TCP sockets with tcp_info and congestion control, list()', ext: EXTENSIONS, flags: '-taniOH' },
];

/** The lists of TCP sockets. */
export const socketsRows: readonly Row[] = [false, true].flatMap((isLeast) => LISTS.map((list) => socketsRow(list, isLeast)));
