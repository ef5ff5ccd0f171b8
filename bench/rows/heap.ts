import type { Bench, Row } from '../bench.js';
import { Contender } from '../support/contender.js';
import { checkAmount } from '../support/checks.js';
import { figuresOf, grouped, type Figures } from '../support/figures.js';
import { subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const BOUND = 32;
const KEPT_BOUND = 190;

interface WeighedFigures {
  readonly count: number;
  readonly bytes: number;
}

interface HeapFigures {
  readonly count: number;
  readonly heap: number;
  readonly external: number;
}

/** Measures the memory of a streamed dump, which does not depend on the number of rows. */
export const heapRow: Row = {
  name: 'heap',
  async measure(bench: Bench): Promise<Result> {
    const { routes } = bench.options;
    const contender = new Contender('heap', bench.withRoutes(routes), subject('memory/heap', [], ['--expose-gc']));
    const seen = await contender.askAll<HeapFigures>();
    const heap = figuresOf(seen.map((figures) => figures.heap / 2 ** 20));
    const external = figuresOf(seen.map((figures) => figures.external / 2 ** 20));
    const what = `heap growth while streaming`;
    return {
      name: 'heap',
      title: `${what} ${grouped(routes)} routes, at its highest`,
      unit: 'MiB',
      series: [
        { name: 'objects', role: 'library', figures: heap },
        { name: 'buffers beside them', role: 'library', figures: external },
      ],
      checks: [checkAmount(what, heap, BOUND, 'MiB')],
      missing: [],
    };
  },
};

/** Measures the memory of rows that are kept, in an array and in a live collection. */
export const keptRow: Row = {
  name: 'kept',
  async measure(bench: Bench): Promise<Result> {
    const namespace = bench.withRoutes(bench.options.routes);
    const weigh = async (what: string): Promise<Figures> => {
      const contender = new Contender(what, namespace, subject('memory/weigh', [what], ['--expose-gc']));
      return figuresOf((await contender.askAll<WeighedFigures>()).map(({ bytes }) => bytes));
    };
    const [list, watch] = [await weigh('list'), await weigh('watch')];
    return {
      name: 'kept',
      title: 'heap of a route that is kept',
      unit: 'bytes',
      series: [
        { name: 'in the array of list()', role: 'library', figures: list },
        { name: 'in the collection of watch()', role: 'library', figures: watch },
      ],
      checks: [checkAmount('heap of a route in the collection of watch()', watch, KEPT_BOUND, 'bytes')],
      missing: [],
    };
  },
};
