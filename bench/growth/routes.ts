import type { Bench, GrowthRow } from '../bench.js';
import { Contender } from '../support/contender.js';
import { figuresOf } from '../support/figures.js';
import { makeRoutes } from '../support/place.js';
import { compile, subject } from '../support/programs.js';
import type { Growth } from '../support/result.js';
import { checkLinear, curve } from './power.js';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
const RUNS = 5;

/** Measures dumps of a growing number of routes. */
export const routesGrowth: GrowthRow = {
  name: 'growth-routes',
  async measure(_: Bench): Promise<Growth> {
    const programs = {
      C: [compile('floor/floor.c'), 'dump'],
      'messages, request()': subject('measure', ['dump']),
      'rows, dump()': subject('measure', ['typed']),
      'an array, list()': subject('measure', ['list']),
      'a collection, watch()': subject('measure', ['watch']),
    };
    const names = Object.keys(programs);
    const contenders = SIZES.map((size) => {
      const namespace = makeRoutes(`growth-${size}`, size);
      return Object.entries(programs).map(([name, program]) => new Contender(`${name} of ${size}`, namespace, program));
    });
    const values = await measureAll(contenders);
    const curves = names.map((name, program) =>
      curve(
        name,
        SIZES,
        values.map((times) => times[program]!),
      ),
    );
    const title = 'a dump, by how many routes there are';
    const [floor, ...library] = curves;
    const checks = checkLinear('routes', SIZES, library, floor);
    return { name: 'growth-routes', title, size: 'routes', unit: 'ms', sizes: SIZES, curves, checks };
  },
};

/** Returns the median of each size and program, in milliseconds. All are measured in turn, so that other work of the host meets each of them. */
async function measureAll(contenders: readonly (readonly Contender[])[]): Promise<number[][]> {
  const times = contenders.map((programs) => programs.map((): number[] => []));
  try {
    for (let run = -2; run < RUNS; run++) {
      for (const [size, programs] of contenders.entries()) {
        for (const [program, contender] of programs.entries()) {
          const { nanoseconds } = await contender.measure();
          if (run >= 0) times[size]![program]!.push(nanoseconds / 1e6);
        }
      }
    }
  } finally {
    for (const contender of contenders.flat()) contender.close();
  }
  return times.map((programs) => programs.map((each) => figuresOf(each).median));
}
