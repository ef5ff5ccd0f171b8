import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { Contender } from '../support/contender.js';
import { figuresOf, grouped, type Figures } from '../support/figures.js';
import { subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const BOUNDS = { time: 1.5, delay: 2 };

/** The figures of bench/subjects/tables/resync.ts, in milliseconds. */
interface Resynced {
  readonly list: number;
  readonly resync: number;
  readonly streamedDelay: number;
  readonly resyncDelay: number;
  readonly differences: number;
}

/** Measures a collection that lost events and reads its table again, which has not changed. */
export const resyncRow: Row = {
  name: 'resync',
  async measure(bench: Bench): Promise<Result> {
    const { routes } = bench.options;
    const contender = new Contender('resync', bench.withRoutes(routes), subject('tables/resync'));
    const seen = await contender.askAll<Resynced>();
    const figures = (value: (one: Resynced) => number): Figures => figuresOf(seen.map(value));
    const time = figures(({ list, resync }) => resync / list);
    const delay = figures(({ streamedDelay, resyncDelay }) => resyncDelay / streamedDelay);
    const differences = Math.max(...seen.map((one) => one.differences));
    return {
      name: 'resync',
      title: `a collection of ${grouped(routes)} routes after an overrun`,
      unit: 'ms',
      series: [
        { name: 'list()', role: 'floor', figures: figures(({ list }) => list) },
        { name: 'until it is synced again', role: 'library', figures: figures(({ resync }) => resync), ratio: time, to: 'list()' },
        { name: 'longest delay of the loop, dump()', role: 'floor', figures: figures(({ streamedDelay }) => streamedDelay) },
        {
          name: 'longest delay of the loop',
          role: 'library',
          figures: figures(({ resyncDelay }) => resyncDelay),
          ratio: delay,
          to: 'dump()',
        },
      ],
      checks: [
        { what: 'resync: routes that differ afterwards', bound: 'none', figure: `${differences}`, holds: differences === 0 },
        checkRatio('resync after an overrun', time, BOUNDS.time, 'list()'),
        checkRatio('resync: longest delay of the loop', delay, BOUNDS.delay, 'rows streamed'),
      ],
      missing: [],
    };
  },
};
