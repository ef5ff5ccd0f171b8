import type { Bench, Row } from '../bench.js';
import { Contender } from '../support/contender.js';
import { digits, figuresOf, grouped } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Check, Result, Series } from '../support/result.js';

const ROUNDS = 3;
const BOUND = 3;
const DUMPS = 5;

interface PoolFigures {
  readonly times: readonly number[];
}

const KINDS = {
  computing: 'four 2 s jobs of pbkdf2',
  waiting: 'four 2 s jobs that only wait',
} as const;

/** Returns the median time of several dumps of the C program, in milliseconds. */
async function measureFloor(floor: Contender): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < DUMPS; run++) times.push((await floor.measure()).nanoseconds / 1e6);
  return figuresOf(times).median;
}

/** Measures a dump of the C program beside jobs that compute: it does not use the pool, but shares the processors. */
async function measureProcessors(floor: Contender, jobs: Contender, size: string): Promise<Series> {
  const times: number[] = [];
  const ratios: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const idle = await measureFloor(floor);
    await jobs.ask('hold');
    const busy = await measureFloor(floor);
    await jobs.ask('join');
    if (round < 0) continue;
    times.push(busy);
    ratios.push(busy / idle);
  }
  return {
    name: `${size}, ${KINDS.computing}: C beside it`,
    role: 'floor',
    figures: figuresOf(times),
    ratio: figuresOf(ratios),
    to: 'idle',
  };
}

async function measureWith(namespace: string, threads: number | undefined): Promise<{ series: Series[]; checks: Check[] }> {
  const env: Record<string, string> = threads === undefined ? {} : { UV_THREADPOOL_SIZE: `${threads}` };
  const contender = new Contender('pool', namespace, subject('pool'), env);
  const floor = new Contender('C', namespace, [compile('floor/floor.c'), 'dump']);
  const ask = async (kind: string): Promise<number> => figuresOf((JSON.parse(await contender.ask(kind)) as PoolFigures).times).median;
  const size = threads === undefined ? 'pool of 4' : `pool of ${threads}`;
  try {
    await ask('idle');
    const idle: number[] = [];
    const busy = { computing: [] as number[], waiting: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of ['computing', 'waiting'] as const) {
        idle.push(await ask('idle'));
        busy[kind].push((await ask(kind)) / idle.at(-1)!);
      }
    }
    const time = figuresOf(idle);
    const series: Series[] = [{ name: `${size}, idle`, role: 'floor', figures: time }];
    const checks: Check[] = [];
    for (const kind of ['computing', 'waiting'] as const) {
      const ratio = figuresOf(busy[kind]);
      const figures = figuresOf(busy[kind].map((one) => one * time.median));
      series.push({ name: `${size}, ${KINDS[kind]}`, role: 'library', figures, ratio, to: 'idle' });
      checks.push({
        what: `dump, ${size} full with ${KINDS[kind]}`,
        bound: `< ${BOUND} x idle`,
        figure: `${digits(ratio.median)} x`,
        holds: ratio.median < BOUND,
      });
    }
    series.push(await measureProcessors(floor, contender, size));
    return { series, checks };
  } finally {
    contender.close();
    floor.close();
  }
}

/** Measures dumps while other jobs fill the thread pool. */
export const poolRow: Row = {
  name: 'pool',
  async measure(bench: Bench): Promise<Result> {
    const { routes } = bench.options;
    const namespace = bench.withRoutes(routes);
    const usual = await measureWith(namespace, undefined);
    const one = await measureWith(namespace, 1);
    return {
      name: 'pool',
      title: `typed dump of ${grouped(routes)} routes while the thread pool is full`,
      unit: 'ms',
      series: [...usual.series, ...one.series],
      checks: [...usual.checks, ...one.checks],
      missing: [],
    };
  },
};
