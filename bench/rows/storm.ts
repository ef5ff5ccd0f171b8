import type { Bench, Row } from '../bench.js';
import { Contender } from '../support/contender.js';
import { checkRatio } from '../support/checks.js';
import { digits, figuresOf, grouped, spread } from '../support/figures.js';
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

/** A program that reads storms. */
interface Reader {
  readonly program: readonly string[];
  /** The word behind `start`; see bench/subjects/storm-reader.ts. */
  readonly mode?: 'watch' | 'delay' | `${number}`;
}

const LIBRARY: Reader = { program: subject('storm-reader') };

function floor(): Reader {
  return { program: [compile('floor/storm-reader.c')] };
}

async function storm(reader: Contender, writer: Contender, mode = ''): Promise<StormFigures> {
  await reader.ask(`start ${mode}`.trimEnd());
  await writer.ask();
  return JSON.parse(await reader.ask('stop')) as StormFigures;
}

/** Measures storms that the programs read alternately, each in a process that has read one storm before. Returns the figures of each program. */
async function storms(bench: Bench, ...readers: readonly Reader[]): Promise<StormFigures[][]> {
  const namespace = bench.withoutRoutes();
  const writer = new Contender('the writer', namespace, [compile('floor/storm-writer.c'), `${bench.options.events}`]);
  const contenders = readers.map(({ program }) => new Contender(`storms: ${program.join(' ')}`, namespace, program));
  const seen: StormFigures[][] = readers.map(() => []);
  try {
    for (let round = -1; round < bench.options.runs; round++)
      for (const [index, contender] of contenders.entries()) {
        const figures = await storm(contender, writer, readers[index]!.mode);
        if (round >= 0) seen[index]!.push(figures);
      }
  } finally {
    for (const contender of [writer, ...contenders]) contender.close();
  }
  return seen;
}

function series([c, library]: readonly StormFigures[][], name: string, events: number, floorName = 'C, all of them'): Series[] {
  // The figure counts each event that was caused, also those that a filter drops.
  const each = (all: readonly StormFigures[]): number[] => all.map(({ cpu }) => cpu / events);
  const [least, own] = [each(c!), each(library!)];
  return [
    { name: floorName, role: 'floor', figures: figuresOf(least) },
    { name, role: 'library', figures: figuresOf(own), ratio: figuresOf(own.map((cpu, index) => cpu / least[index]!)) },
  ];
}

/** Returns the most events that a reader has lost in one storm. */
function mostLost(seen: readonly StormFigures[], events: number): number {
  return Math.max(...seen.map((figures) => events - figures.events));
}

/** Measures a storm: events lost, processor time, delay of the event loop. */
export const stormRow: Row = {
  name: 'storm',
  async measure(bench: Bench): Promise<Result> {
    const { events } = bench.options;
    const seen = await storms(bench, floor(), LIBRARY);
    const [c, library] = series(seen, 'rxnetlink', events);
    // In storms of its own: measuring it takes up to a tenth of the processor time of a storm.
    const [delayed] = await storms(bench, { ...LIBRARY, mode: 'delay' });
    const delay = figuresOf(delayed!.map((figures) => figures.delay!));
    const lost = mostLost([...seen[1]!, ...delayed!], events);
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
      series: series(await storms(bench, floor(), { program: subject('floors/storm') }), 'JavaScript', events),
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
    const seen = await storms(bench, floor(), { ...LIBRARY, mode: `${DELROUTE}` });
    const wrong = seen[1]!.find((figures) => figures.events !== events / 2);
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
    const seen = await storms(bench, LIBRARY, { ...LIBRARY, mode: 'watch' });
    const lost = mostLost(seen[1]!, events);
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
