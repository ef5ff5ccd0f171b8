import type { Bench, GrowthRow } from '../bench.js';
import { Contender } from '../support/contender.js';
import { figuresOf } from '../support/figures.js';
import { addRoutes, makeInterface, makeNamespace } from '../support/place.js';
import { compile, subject } from '../support/programs.js';
import type { Growth } from '../support/result.js';
import { checkLinear, curve } from './power.js';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
const RUNS = 3;

/** Measures dumps of a growing number of routes. */
export const routesGrowth: GrowthRow = {
  name: 'growth-routes',
  async measure(_: Bench): Promise<Growth> {
    const namespace = makeNamespace('growth');
    makeInterface(namespace);
    const programs = {
      C: [compile('floor/floor.c'), 'dump'],
      'messages, request()': subject('measure', ['dump']),
      'rows, dump()': subject('measure', ['typed']),
      'an array, list()': subject('measure', ['list']),
      'a collection, watch()': subject('measure', ['watch']),
    };
    const names = Object.keys(programs);
    const values = new Map<string, number[]>(names.map((name) => [name, []]));
    for (const [index, size] of SIZES.entries()) {
      const there = SIZES[index - 1] ?? 0;
      addRoutes(namespace, size - there, there);
      for (const [name, times] of Object.entries(await measureAll(namespace, programs))) values.get(name)!.push(times);
    }
    const curves = names.map((name) => curve(name, SIZES, values.get(name)!));
    const title = 'a dump, by how many routes there are';
    const [floor, ...library] = curves;
    const checks = checkLinear('routes', SIZES, library, floor);
    return { name: 'growth-routes', title, size: 'routes', unit: 'ms', sizes: SIZES, curves, checks };
  },
};

/** Returns the median of alternating runs of each program, in milliseconds. */
async function measureAll(namespace: string, programs: Readonly<Record<string, readonly string[]>>): Promise<Record<string, number>> {
  const contenders = Object.entries(programs).map(([name, program]) => new Contender(name, namespace, program));
  const times = contenders.map((): number[] => []);
  try {
    for (let run = -2; run < RUNS; run++) {
      for (const [index, contender] of contenders.entries()) {
        const { nanoseconds } = await contender.measure();
        if (run >= 0) times[index]!.push(nanoseconds / 1e6);
      }
    }
  } finally {
    for (const contender of contenders) contender.close();
  }
  return Object.fromEntries(contenders.map(({ name }, index) => [name, figuresOf(times[index]!).median]));
}
