import { join, relative } from 'node:path';
import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { figuresOf } from '../support/figures.js';
import { inertModule } from '../support/inert.js';
import { runIn, subject } from '../support/programs.js';
import type { Check, Result, Series } from '../support/result.js';

const PROCESSES = 15;
const DIST = join(import.meta.dirname, '../../dist');

interface Loaded {
  readonly name: string;
  /** Files of dist/. */
  readonly files: readonly string[];
  readonly bound: number;
}

const LOADED: readonly Loaded[] = [
  { name: 'rxnetlink', files: ['index.js'], bound: 0.12 },
  { name: 'rxnetlink and one family', files: ['index.js', 'families/rt-link.js'], bound: 0.15 },
  { name: 'rxnetlink and rxnetlink/network', files: ['index.js', 'network/index.js'], bound: 0.3 },
];

/** The times of imports in milliseconds. */
interface Costs {
  readonly rxjs: number;
  readonly own: number;
}

/**
 * Measures what importing the package costs in addition to importing rxjs, each time in a new process, beside one module with the same source that does
 * nothing.
 */
export const importsRow: Row = {
  name: 'imports',
  async measure(bench: Bench): Promise<Result> {
    const namespace = bench.withoutRoutes();
    const series: Series[] = [];
    const checks: Check[] = [];
    const rxjs: number[] = [];
    for (const { name, files, bound } of LOADED) {
      const program = subject('start/imports', files);
      const inert = subject('start/imports', [relative(DIST, await inertModule(name, DIST, files))]);
      // The first process reads the files into the cache.
      const pairs = Array.from({ length: 1 + PROCESSES }, () => ({
        least: runIn<Costs>(namespace, inert),
        whole: runIn<Costs>(namespace, program),
      })).slice(1);
      const costs = pairs.map(({ whole }) => whole);
      const least = pairs.map((pair) => pair.least);
      rxjs.push(...costs.map((cost) => cost.rxjs));
      const ratio = figuresOf(costs.map((cost) => cost.own / cost.rxjs));
      series.push({
        name: `source of ${name}, in one module, not run`,
        role: 'floor',
        figures: figuresOf(least.map(({ own }) => own)),
        ratio: figuresOf(least.map((cost) => cost.own / cost.rxjs)),
        to: 'rxjs',
      });
      series.push({ name, role: 'library', figures: figuresOf(costs.map(({ own }) => own)), ratio, to: 'rxjs' });
      checks.push(checkRatio(`import of ${name}, beyond rxjs`, ratio, bound, 'the import of rxjs'));
    }
    return {
      name: 'imports',
      title: `import beyond rxjs, ${PROCESSES} processes`,
      unit: 'ms',
      series: [{ name: 'rxjs', role: 'floor', figures: figuresOf(rxjs) }, ...series],
      checks,
      missing: [],
    };
  },
};
