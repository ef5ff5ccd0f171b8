import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { Contender } from '../support/contender.js';
import { figuresOf, grouped, type Figures } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Check, Result, Series } from '../support/result.js';

const ROUNDS = 11;
/** The most that the library may suffer from jobs, as a multiple of what the C program suffers beside the same jobs. */
const BOUND = 1.15;
const DUMPS = 5;

interface PoolFigures {
  readonly times: readonly number[];
  readonly full: boolean;
}

const KINDS = {
  computing: 'four 2 s jobs of pbkdf2',
  waiting: 'four 2 s jobs that only wait',
} as const;

type Kind = keyof typeof KINDS;

/** The median times of dumps in milliseconds, without jobs (before them and after them: the speed of a machine changes) and beside them. */
interface Pair {
  readonly idle: number;
  readonly busy: number;
}

/** Fails the row if a dump was measured after the first jobs had ended. */
function requireFull(full: boolean, kind: Kind, program: string): void {
  if (!full) throw new Error(`pool: ${KINDS[kind]} left the pool before the last dump of ${program} ended; choose fewer routes (--routes)`);
}

/** Measures dumps in the process that has the jobs. */
async function measureInside(contender: Contender, kind: Kind, name = 'the library'): Promise<Pair> {
  const ask = async (line: string): Promise<PoolFigures> => JSON.parse(await contender.ask(line)) as PoolFigures;
  const before = await ask('idle');
  const busy = await ask(kind);
  requireFull(busy.full, kind, name);
  const after = await ask('idle');
  return { idle: figuresOf([...before.times, ...after.times]).median, busy: figuresOf(busy.times).median };
}

/** Measures dumps of the C program beside the same jobs: it does not use the pool, but shares the processors. */
async function measureFloor(floor: Contender, jobs: Contender, kind: Kind): Promise<Pair> {
  const dumps = async (): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let run = 0; run < DUMPS; run++) times.push((await floor.measure()).nanoseconds / 1e6);
    return times;
  };
  const before = await dumps();
  await jobs.ask(`hold ${kind}`);
  const busy = await dumps();
  requireFull((await jobs.ask('join')) === 'full', kind, 'the C program');
  const after = await dumps();
  return { idle: figuresOf([...before, ...after]).median, busy: figuresOf(busy).median };
}

const slowDown = ({ idle, busy }: Pair): number => busy / idle;

/** The reference of the ratios. */
const TO = "C's slow-down";

function besideC(pairs: readonly Pair[], c: readonly Pair[]): Figures {
  return figuresOf(pairs.map((pair, round) => slowDown(pair) / slowDown(c[round]!)));
}

function seriesOf(name: string, role: Series['role'], pairs: readonly Pair[]): Series {
  return { name, role, figures: figuresOf(pairs.map(({ busy }) => busy)), ratio: figuresOf(pairs.map(slowDown)), to: 'idle' };
}

async function measureWith(namespace: string, threads: number | undefined): Promise<{ series: Series[]; checks: Check[] }> {
  const env: Record<string, string> = threads === undefined ? {} : { UV_THREADPOOL_SIZE: `${threads}` };
  const contender = new Contender('pool', namespace, subject('pool'), env);
  const alone = new Contender('pool without reading ahead', namespace, subject('pool', ['unref']), env);
  const least = new Contender('the least JavaScript', namespace, subject('pool', ['least']), env);
  const floor = new Contender('C', namespace, [compile('floor/floor.c'), 'dump']);
  const size = threads === undefined ? 'pool of 4' : `pool of ${threads}`;
  const seen: Record<Kind, { library: Pair[]; c: Pair[] }> = { computing: { library: [], c: [] }, waiting: { library: [], c: [] } };
  const withoutAhead: Pair[] = [];
  const leastWork: Pair[] = [];
  try {
    for (let round = -1; round < ROUNDS; round++) {
      for (const kind of ['computing', 'waiting'] as const) {
        const pairs = { library: await measureInside(contender, kind), c: await measureFloor(floor, contender, kind) };
        if (round < 0) continue;
        seen[kind].library.push(pairs.library);
        seen[kind].c.push(pairs.c);
      }
      const pair = await measureInside(alone, 'computing', 'the library without reading ahead');
      const leastPair = await measureInside(least, 'computing', 'the least JavaScript');
      if (round < 0) continue;
      withoutAhead.push(pair);
      leastWork.push(leastPair);
    }
  } finally {
    for (const each of [contender, alone, least, floor]) each.close();
  }
  const idle = figuresOf([...seen.computing.library, ...seen.waiting.library].map((pair) => pair.idle));
  // An idle machine has a second processor that reads ahead. A job may take it: the dump is then at best as fast as without reading ahead.
  const withoutIt = `${size}, without reading ahead`;
  const series: Series[] = [
    { name: `${size}, idle`, role: 'floor', figures: idle },
    { name: `${withoutIt}, idle`, role: 'floor', figures: figuresOf(withoutAhead.map((pair) => pair.idle)) },
    seriesOf(`${withoutIt}, ${KINDS.computing}`, 'floor', withoutAhead),
    {
      name: `${size}, JavaScript that only makes rows, ${KINDS.computing}`,
      role: 'floor',
      figures: figuresOf(leastWork.map(({ busy }) => busy)),
      ratio: besideC(leastWork, seen.computing.c),
      to: TO,
    },
  ];
  const checks: Check[] = [];
  for (const kind of ['computing', 'waiting'] as const) {
    const { library, c } = seen[kind];
    const name = `${size}, ${KINDS[kind]}`;
    series.push(seriesOf(name, 'library', library), seriesOf(`${name}: C beside it`, 'floor', c));
    checks.push(checkRatio(`dump, ${size} full with ${KINDS[kind]}: slow-down`, besideC(library, c), BOUND, TO));
  }
  return { series, checks };
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
