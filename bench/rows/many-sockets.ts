import type { Bench, Row } from '../bench.js';
import { checkRatio } from '../support/checks.js';
import { Contender } from '../support/contender.js';
import { figuresOf, grouped } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const ROUNDS = 5;
const BOUND = 1.5;

interface Listened {
  readonly events: number;
  /** The processor time of the reader, in microseconds. */
  readonly cpu: number;
}

/** A reader in one or many namespaces, and a writer of events in each. */
class Side {
  readonly #name: string;
  readonly #reader: Contender;
  readonly #writers: readonly Contender[];
  /** The number of events of all sockets. */
  readonly #expected: number;

  constructor(name: string, namespaces: readonly string[], sockets: number, events: number) {
    // A reader of one namespace is started in it.
    const paths = namespaces.length === 1 ? [] : namespaces.map((namespace) => `/run/netns/${namespace}`);
    this.#name = name;
    this.#reader = new Contender(name, namespaces[0]!, subject('clients/sockets', [`${sockets}`, ...paths]));
    const writer = [compile('floor/storm-writer.c'), `${events}`];
    this.#writers = namespaces.map((namespace) => new Contender('the writer', namespace, writer));
    this.#expected = namespaces.length * sockets * events;
  }

  /** Returns the processor time of a received event in microseconds. */
  async measure(): Promise<number> {
    await this.#reader.ask('start');
    await Promise.all(this.#writers.map((writer) => writer.ask()));
    const { events, cpu } = JSON.parse(await this.#reader.ask('stop')) as Listened;
    if (events !== this.#expected) throw new Error(`${this.#name}: received ${events} events; expected ${this.#expected}`);
    return cpu / events;
  }

  close(): void {
    for (const contender of [this.#reader, ...this.#writers]) contender.close();
  }
}

/** Measures events that many sockets in many namespaces receive, beside as many events that one socket receives. */
export const manySocketsRow: Row = {
  name: 'many-sockets',
  async measure(bench: Bench): Promise<Result> {
    const { clients, events, namespaces } = bench.options;
    const each = Math.max(1, Math.round(clients / namespaces));
    // An even number in each namespace: half of the events add routes.
    const written = Math.max(2, 2 * Math.round(events / (2 * each * namespaces)));
    const one = new Side('one socket', [bench.withoutRoutes()], 1, written * each * namespaces);
    const many = new Side('many sockets', bench.withNamespaces(namespaces), each, written);
    const seen = { one: [] as number[], many: [] as number[] };
    try {
      for (let round = -1; round < ROUNDS; round++) {
        const pair = { one: await one.measure(), many: await many.measure() };
        if (round < 0) continue;
        seen.one.push(pair.one);
        seen.many.push(pair.many);
      }
    } finally {
      one.close();
      many.close();
    }
    const ratio = figuresOf(seen.many.map((time, round) => time / seen.one[round]!));
    const title = `${grouped(each * namespaces)} sockets in ${grouped(namespaces)} namespaces`;
    return {
      name: 'many-sockets',
      title: `${title}, processor time of an event that one of them receives`,
      unit: 'us',
      series: [
        { name: 'one socket, as many events', role: 'floor', figures: figuresOf(seen.one) },
        { name: title, role: 'library', figures: figuresOf(seen.many), ratio, to: 'one socket' },
      ],
      checks: [checkRatio(`${title}: processor time of an event`, ratio, BOUND, 'one socket')],
      missing: [],
    };
  },
};
