import type { Bench, Row } from '../bench.js';
import { Contender } from '../support/contender.js';
import { checkRatio } from '../support/checks.js';
import { digits, figuresOf, grouped, spread, type Figures } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Check, Result, Series } from '../support/result.js';

const STORM_BOUND = 1.3;
const DELAY_BOUND = 20;
const WATCH_BOUND = 2;
/** RTM_DELROUTE: half of the events. */
const DELROUTE = 25;

/** The figures of a reader for one storm. */
interface StormFigures {
  readonly events: number;
  readonly dropped: number;
  /** The processor time of the reader, in microseconds. */
  readonly cpu: number;
  /** The 99th percentile of the event loop's delay in milliseconds, if it was measured. */
  readonly delay?: number;
}

/** The figures of the floor and of the library. */
interface Seen {
  readonly c: StormFigures[];
  readonly library: StormFigures[];
}

async function storm(reader: Contender, writer: Contender, filter: string): Promise<StormFigures> {
  await reader.ask(`start${filter}`);
  await writer.ask();
  return JSON.parse(await reader.ask('stop')) as StormFigures;
}

/** Measures storms that C, or another program, and the library read alternately, each in a process that has read one storm before. */
async function storms(
  bench: Bench,
  filter: string,
  floor = [compile('floor/storm-reader.c')],
  reader = subject('storm-reader'),
): Promise<Seen> {
  const namespace = bench.withoutRoutes();
  const writer = new Contender('the writer', namespace, [compile('floor/storm-writer.c'), `${bench.options.events}`]);
  const c = new Contender('the floor', namespace, floor);
  const library = new Contender('rxnetlink', namespace, reader);
  const seen: Seen = { c: [], library: [] };
  try {
    for (let round = -1; round < bench.options.runs; round++) {
      const pair = [await storm(c, writer, ''), await storm(library, writer, filter)] as const;
      if (round < 0) continue;
      seen.c.push(pair[0]);
      seen.library.push(pair[1]);
    }
  } finally {
    for (const contender of [writer, c, library]) contender.close();
  }
  return seen;
}

/** Measures the delay of the event loop, in storms of their own: measuring it takes up to a tenth of the processor time of a storm. */
async function stormDelay(bench: Bench): Promise<Figures> {
  const namespace = bench.withoutRoutes();
  const writer = new Contender('the writer', namespace, [compile('floor/storm-writer.c'), `${bench.options.events}`]);
  const library = new Contender('rxnetlink', namespace, subject('storm-reader'));
  const delays: number[] = [];
  try {
    for (let round = -1; round < bench.options.runs; round++) {
      const { delay } = await storm(library, writer, ' delay');
      if (round >= 0) delays.push(delay!);
    }
  } finally {
    for (const contender of [writer, library]) contender.close();
  }
  return figuresOf(delays);
}

function series({ c, library }: Seen, name: string, events: number, floorName = 'C, all of them'): Series[] {
  // The figure counts each event that was caused, also those that a filter drops.
  const each = (all: readonly StormFigures[]): number[] => all.map(({ cpu }) => cpu / events);
  const [floor, own] = [each(c), each(library)];
  return [
    { name: floorName, role: 'floor', figures: figuresOf(floor) },
    { name, role: 'library', figures: figuresOf(own), ratio: figuresOf(own.map((cpu, index) => cpu / floor[index]!)) },
  ];
}

/** Measures a storm: events lost, processor time, delay of the event loop. */
export const stormRow: Row = {
  name: 'storm',
  async measure(bench: Bench): Promise<Result> {
    const { events } = bench.options;
    const seen = await storms(bench, '');
    const [c, library] = series(seen, 'rxnetlink', events);
    const lost = Math.max(...seen.library.map((figures) => events - figures.events));
    const delay = await stormDelay(bench);
    const checks: Check[] = [
      { what: 'storm: events lost', bound: 'none', figure: `${lost}`, holds: lost === 0 },
      checkRatio('storm: processor time of an event', library!.ratio!, STORM_BOUND),
      {
        what: 'storm: loop delay, 99th percentile',
        bound: `< ${DELAY_BOUND} ms`,
        figure: `${digits(delay.median)} ms (${spread(delay)})`,
        holds: delay.median < DELAY_BOUND,
      },
    ];
    return {
      name: 'storm',
      title: `storm of ${grouped(events)} route events, processor time of the reader for each`,
      unit: 'us',
      series: [c!, library!],
      checks,
      missing: [],
    };
  },
};

/** Measures the same storm, read by JavaScript that only reads the messages. */
export const stormFloorRow: Row = {
  name: 'floor-storm',
  async measure(bench: Bench): Promise<Result> {
    const { events } = bench.options;
    return {
      name: 'floor-storm',
      title: `JavaScript that only reads a storm of ${grouped(events)} route events, processor time for each`,
      unit: 'us',
      series: series(await storms(bench, '', undefined, subject('floors/storm')), 'JavaScript', events),
      checks: [],
      missing: [],
    };
  },
};

/** Measures the same storm with a filter in the kernel that accepts only deletions. */
export const filterRow: Row = {
  name: 'filter',
  async measure(bench: Bench): Promise<Result> {
    const { events } = bench.options;
    const seen = await storms(bench, ` ${DELROUTE}`);
    const wrong = seen.library.find((figures) => figures.events !== events / 2);
    if (wrong !== undefined)
      throw new Error(`storm: the reader received ${wrong.events} of ${events} events; expected half of them with the filter`);
    return {
      name: 'filter',
      title: `the same storm, a filter lets half of it through; processor time of the reader for each that was made`,
      unit: 'us',
      series: series(seen, 'rxnetlink, the deletions', events),
      checks: [],
      missing: [],
    };
  },
};

/** Measures a collection that applies the same storm, beside the raw stream. */
export const watchedStormRow: Row = {
  name: 'storm-watch',
  async measure(bench: Bench): Promise<Result> {
    const { events } = bench.options;
    const seen = await storms(bench, ' watch', subject('storm-reader'));
    const lost = Math.max(...seen.library.map((figures) => events - figures.events));
    const [raw, watched] = series(seen, 'rxnetlink, watch()', events, 'rxnetlink, the raw stream');
    return {
      name: 'storm-watch',
      title: 'the same storm applied to a collection, processor time of the reader for each',
      unit: 'us',
      series: [raw!, watched!],
      checks: [
        { what: 'storm in a collection: changes lost', bound: 'none', figure: `${lost}`, holds: lost === 0 },
        checkRatio('storm in a collection: processor time', watched!.ratio!, WATCH_BOUND, 'the raw stream'),
      ],
      missing: [],
    };
  },
};
