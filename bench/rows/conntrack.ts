import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { grouped, scaled } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const BOUND = 2;

/** Measures dumps of tracked connections, in milliseconds of processor time. */
export const conntrackRow: Row = {
  name: 'conntrack',
  async measure(bench: Bench): Promise<Result> {
    const { entries, runs } = bench.options;
    const { namespace, count, limit } = bench.withConnections(entries);
    const scale = count / 1e6;
    const library = subject('tables/conntrack', ['dump']);
    const { reference, other, ratio } = await bench.duel(namespace, [compile('floor/conntrack.c')], library, runs);
    const title = 'tracked connections streamed through dump()';
    return {
      name: 'conntrack',
      title: `${title}, ${grouped(count)} entries, processor time`,
      unit: 'ms',
      series: [
        { name: 'C', role: 'floor', figures: scaled(reference, 1 / scale) },
        { name: 'rxnetlink', role: 'library', figures: scaled(other, 1 / scale), ratio },
      ],
      checks: [checkRatio(title, ratio, BOUND)],
      missing:
        count === entries
          ? []
          : [`${grouped(entries)} entries do not fit: net.netfilter.nf_conntrack_max allows ${grouped(limit)} in each namespace`],
    };
  },
};
