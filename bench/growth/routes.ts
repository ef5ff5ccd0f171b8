import type { Bench, GrowthRow } from '../bench.js';
import { Contender } from '../support/contender.js';
import { makeRoutes } from '../support/place.js';
import { compile, subject } from '../support/programs.js';
import type { Growth } from '../support/result.js';
import { measureInTurn } from './in-turn.js';
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
    const contenders = SIZES.flatMap((size) => {
      const namespace = makeRoutes(`growth-${size}`, size);
      return Object.entries(programs).map(([name, program]) => new Contender(`${name} of ${size}`, namespace, program));
    });
    const times = await measureInTurn(contenders, RUNS, ({ nanoseconds }) => nanoseconds / 1e6);
    const timesOf = (program: number): number[] => SIZES.map((_size, size) => times[size * names.length + program]!);
    const curves = names.map((name, program) => curve(name, SIZES, timesOf(program)));
    const title = 'a dump, by how many routes there are';
    const [floor, ...library] = curves;
    const checks = checkLinear('routes', SIZES, library, floor);
    return { name: 'growth-routes', title, size: 'routes', unit: 'ms', sizes: SIZES, curves, checks };
  },
};
