import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { figuresOf, type Figures } from '../support/figures.js';
import { runIn, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const PROCESSES = 15;
const BOUND = 6;

interface Times {
  readonly first: number;
  readonly second: number;
}

/**
 * Measures the first list of links in a process, which compiles the codecs, beside the second, and beside the same list without codecs.
 *
 * The heap decides a large part of the ratio: V8 collects its young part in some 1 ms. A few kB more or less before it move the collection into or out
 * of the second list, whose other work takes a third of that.
 */
export const firstRow: Row = {
  name: 'first',
  measure(bench: Bench): Promise<Result> {
    const program = subject('start/first');
    const namespace = bench.withoutRoutes();
    const floor = subject('start/first-floor');
    const pairs = Array.from({ length: PROCESSES }, () => ({
      least: runIn<Times>(namespace, floor),
      whole: runIn<Times>(namespace, program),
    }));
    const times = pairs.map(({ whole }) => whole);
    const least = pairs.map((pair) => pair.least);
    const ratioOf = (all: readonly Times[]): Figures => figuresOf(all.map(({ first, second }) => first / second));
    const ratio = ratioOf(times);
    const title = "the first list('getlink') of a process";
    return Promise.resolve({
      name: 'first',
      title: `${title}, ${PROCESSES} processes`,
      unit: 'ms',
      series: [
        { name: 'the second without codecs', role: 'floor', figures: figuresOf(least.map(({ second }) => second)) },
        {
          name: 'the first without codecs',
          role: 'floor',
          figures: figuresOf(least.map(({ first }) => first)),
          ratio: ratioOf(least),
          to: 'the second without codecs',
        },
        { name: 'the second', role: 'floor', figures: figuresOf(times.map(({ second }) => second)) },
        { name: 'the first', role: 'library', figures: figuresOf(times.map(({ first }) => first)), ratio, to: 'the second' },
      ],
      checks: [checkRatio(title, ratio, BOUND, 'the second')],
      missing: [],
    });
  },
};
