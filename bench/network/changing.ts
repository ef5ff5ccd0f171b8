import { digits, figuresOf, grouped, type Figures } from '../support/figures.js';
import { command, makeRoutes } from '../support/place.js';
import type { Result } from '../support/result.js';
import { runSubject } from './compare.js';

const [FEW, MANY] = [1000, 100_000];
const RUNS = 3;
const BOUND = 2;

/** Compares a change in a view of many routes with one in a view of few. */
export function measureChanging(): Result[] {
  const namespaces = [FEW, MANY].map((count) => makeRoutes(`view-${count}`, count));
  const rounds = Array.from({ length: RUNS }, () => namespaces.map(changeIn));
  const figures = (side: number): Figures => figuresOf(rounds.map((costs) => costs[side]!));
  const ratio = figuresOf(rounds.map(([few, many]) => many! / few!));
  return [
    {
      name: 'changing',
      title: 'A route added and seen in a view of all routes, processor time of both',
      unit: 'ms',
      series: [
        { name: `${grouped(FEW)} routes`, role: 'library', figures: figures(0) },
        { name: `${grouped(MANY)} routes`, role: 'library', figures: figures(1), ratio },
      ],
      checks: [
        {
          what: `a change in a view of ${grouped(MANY)} routes`,
          bound: `<= ${BOUND} x one of ${grouped(FEW)}`,
          figure: `${digits(ratio.median)} x`,
          holds: ratio.median <= BOUND,
        },
      ],
      missing: [],
    },
  ];
}

function changeIn(namespace: string): number {
  // The kernel sends no event if a route replaces an equal one, and the subject would wait for its emission in vain.
  command('ip', '-n', namespace, 'route', 'flush', 'root', '13.0.0.0/8');
  return runSubject<{ readonly change: number }>(namespace, 'view').change;
}
