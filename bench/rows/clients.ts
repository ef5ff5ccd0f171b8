import type { Bench, Row } from '../bench.js';
import { checkAmount } from '../support/checks.js';
import { figuresOf, grouped } from '../support/figures.js';
import { runIn, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const PROCESSES = 5;
/** KiB of each client. */
const BOUNDS = { heap: 6, rss: 16 };

interface Weighed {
  readonly heap: number;
  readonly external: number;
  readonly rss: number;
}

/** Measures the memory of many clients that each listen to a multicast group. */
export const clientsRow: Row = {
  name: 'clients',
  measure(bench: Bench): Promise<Result> {
    const { clients } = bench.options;
    const program = subject('clients/listening', [`${clients}`], ['--expose-gc']);
    const namespace = bench.withoutRoutes();
    const seen = Array.from({ length: PROCESSES }, () => runIn<Weighed>(namespace, program));
    const [heap, external, rss] = (['heap', 'external', 'rss'] as const).map((kind) => figuresOf(seen.map((one) => one[kind] / 1024)));
    const title = `each of ${grouped(clients)} listening clients`;
    return Promise.resolve({
      name: 'clients',
      title: `memory of ${title}`,
      unit: 'KiB',
      series: [
        { name: 'heap', role: 'library', figures: heap! },
        { name: 'buffers beside it', role: 'library', figures: external! },
        { name: 'of the process (RSS)', role: 'library', figures: rss! },
      ],
      checks: [checkAmount(`heap of ${title}`, heap!, BOUNDS.heap, 'KiB'), checkAmount(`RSS of ${title}`, rss!, BOUNDS.rss, 'KiB')],
      missing: [],
    });
  },
};
