import type { Bench, GrowthRow } from '../bench.js';
import { Contender } from '../support/contender.js';
import { figuresOf } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Check, Growth } from '../support/result.js';
import { checkLinear, curve } from './power.js';

const SIZES = [1, 10, 100, 1000];
const EVENTS = 4000;
const RUNS = 3;

interface Calls {
  readonly library: number;
  readonly rxjs: number;
  readonly next: number;
}

interface Received {
  readonly received: number;
  readonly cpu: number;
  readonly calls?: Calls;
}

/** Measures a number of subscribers in several rounds while a writer causes events. */
async function listen(namespace: string, writer: Contender, size: number, counting: boolean): Promise<Received[]> {
  const contender = new Contender(`${size} subscribers`, namespace, subject('subscribers', [`${size}`, counting ? 'calls' : '']));
  const received: Received[] = [];
  try {
    for (let run = -1; run < RUNS; run++) {
      await contender.ask('start');
      await writer.ask();
      const figures = JSON.parse(await contender.ask('stop')) as Received;
      if (figures.received !== EVENTS * size)
        throw new Error(`growth-subscribers: ${size} subscribers received ${figures.received} events; expected ${EVENTS * size}`);
      if (run >= 0) received.push(figures);
    }
  } finally {
    contender.close();
  }
  return received;
}

/** Returns the cost of a further subscriber for an event, in function calls. */
async function checkCalls(namespace: string, writer: Contender): Promise<Check[]> {
  const [few, many] = [1, 101];
  const least = async (size: number): Promise<Calls> => (await listen(namespace, writer, size, true)).at(-1)!.calls!;
  const [one, more] = [await least(few), await least(many)];
  const each = (calls: keyof Calls): number => (more[calls] - one[calls]) / (EVENTS * (many - few));
  const [library, next] = [each('library'), each('next')];
  return [
    {
      what: 'one more subscriber: calls of next() for an event',
      bound: '1',
      figure: next.toFixed(2),
      holds: Math.abs(next - 1) < 0.01,
    },
    {
      what: "one more subscriber: calls of the library's functions",
      bound: '0',
      // A negative number comes from fewer wake-ups: slower subscribers receive more events in each.
      figure: Math.max(library, 0).toFixed(2),
      holds: library < 0.01,
    },
  ];
}

/** Measures a growing number of subscribers of one multicast group. */
export const subscribersGrowth: GrowthRow = {
  name: 'growth-subscribers',
  async measure(bench: Bench): Promise<Growth> {
    const namespace = bench.withoutRoutes();
    const writer = new Contender('the writer', namespace, [compile('floor/storm-writer.c'), `${EVENTS}`]);
    try {
      const values: number[] = [];
      for (const size of SIZES) {
        const received = await listen(namespace, writer, size, false);
        values.push(figuresOf(received.map(({ cpu }) => cpu / EVENTS)).median);
      }
      const curves = [curve('processor time of an event', SIZES, values)];
      return {
        name: 'growth-subscribers',
        title: 'subscribers of one multicast group, each of whom gets every event',
        size: 'subscribers',
        unit: 'us',
        sizes: SIZES,
        curves,
        checks: [...checkLinear('subscribers', SIZES, curves), ...(await checkCalls(namespace, writer))],
      };
    } finally {
      writer.close();
    }
  },
};
