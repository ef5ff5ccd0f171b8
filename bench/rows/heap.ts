import type { Bench, Row } from '../bench.js';
import { Contender } from '../contender.js';
import { digits, figuresOf } from '../figures.js';
import { subject } from '../programs.js';
import type { Result } from '../result.js';

const ROUNDS = 5;
const BOUND = 32;

interface HeapFigures {
  readonly count: number;
  readonly heap: number;
  readonly external: number;
}

/** Memory that streaming takes, however many rows go by. */
export const heapRow: Row = {
  name: 'heap',
  async measure(bench: Bench): Promise<Result> {
    const { routes } = bench.options;
    const contender = new Contender('heap', bench.withRoutes(routes), subject('heap', [], ['--expose-gc']));
    const seen: HeapFigures[] = [];
    try {
      for (let round = -1; round < ROUNDS; round++) {
        const figures = JSON.parse(await contender.ask()) as HeapFigures;
        if (round >= 0) seen.push(figures);
      }
    } finally {
      contender.close();
    }
    const heap = figuresOf(seen.map((figures) => figures.heap / 2 ** 20));
    const external = figuresOf(seen.map((figures) => figures.external / 2 ** 20));
    const what = `heap growth while streaming`;
    return {
      name: 'heap',
      title: `${what} ${routes} routes, at its highest`,
      unit: 'MiB',
      series: [
        { name: 'objects', role: 'library', figures: heap },
        { name: 'buffers beside them', role: 'library', figures: external },
      ],
      checks: [{ what, bound: `< ${BOUND} MiB`, figure: `${digits(heap.median)} MiB`, holds: heap.median < BOUND }],
      missing: [],
    };
  },
};
