import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { figuresOf } from '../support/figures.js';
import { runIn, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const PROCESSES = 15;
const BOUND = 6;

interface Times {
  readonly first: number;
  readonly second: number;
}

/** Measures the first list of links in a process, which compiles the codecs, beside the second. */
export const firstRow: Row = {
  name: 'first',
  measure(bench: Bench): Promise<Result> {
    const program = subject('start/first');
    const namespace = bench.withoutRoutes();
    const times = Array.from({ length: PROCESSES }, () => runIn<Times>(namespace, program));
    const ratio = figuresOf(times.map(({ first, second }) => first / second));
    const title = "the first list('getlink') of a process";
    return Promise.resolve({
      name: 'first',
      title: `${title}, ${PROCESSES} processes`,
      unit: 'ms',
      series: [
        { name: 'the second', role: 'floor', figures: figuresOf(times.map(({ second }) => second)) },
        { name: 'the first', role: 'library', figures: figuresOf(times.map(({ first }) => first)), ratio, to: 'the second' },
      ],
      checks: [checkRatio(title, ratio, BOUND, 'the second')],
      missing: [],
    });
  },
};
