import { start, type Bench, type Row } from '../bench.js';
import { peers } from '../peers/list.js';
import type { Peer, Work } from '../peers/peer.js';
import { Contender } from '../support/contender.js';
import { checkAmount, checkRatio } from '../support/checks.js';
import { figuresOf, grouped, type Figures } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Check, Result, Series } from '../support/result.js';

interface PacketRow {
  readonly name: Work;
  readonly title: string;
  /** The command of bench/floor/packets.c and bench/subjects/packets.ts. */
  readonly command: 'queue' | 'log';
  /** Returns the check of the library's time of a packet and of its ratio to C. */
  readonly check: (title: string, own: Figures, ratio: Figures) => Check;
}

/** The queue or log group of each program, and the port whose packets it gets. */
const NUMBERS = { floor: 1, library: 2, peer: 3 } as const;
const PORTS = { queue: 9000, log: 9100 } as const;

/** The rules of the namespace. No program reads the packets that arrive. */
const RULES: readonly string[] = [
  '-A INPUT -p udp -j DROP',
  ...Object.values(NUMBERS).flatMap((number) => [
    `-A OUTPUT -p udp --dport ${PORTS.queue + number} -j NFQUEUE --queue-num ${number}`,
    `-A OUTPUT -p udp --dport ${PORTS.log + number} -j NFLOG --nflog-group ${number}`,
  ]),
];

/** A program that reads packets, and the one that sends them. */
class Reader {
  readonly #reader: Contender;
  readonly #sender: Contender;
  readonly #packets: number;

  constructor(namespace: string, program: readonly string[], port: number, packets: number) {
    this.#reader = new Contender(program.join(' '), namespace, program);
    this.#sender = new Contender('the sender', namespace, [compile('floor/packets.c'), 'send', `${port}`, `${packets}`]);
    this.#packets = packets;
  }

  /** Waits until the program has bound its queue or group. */
  async bound(): Promise<void> {
    await this.#reader.ask('0');
  }

  /** Returns the processor time of a packet in microseconds. */
  async measure(): Promise<number> {
    const answer = this.#reader.ask(`${this.#packets}`);
    await this.#sender.ask();
    const [nanoseconds, count] = (await answer).split(' ').map(Number);
    if (count !== this.#packets) throw new Error(`${this.#reader.name}: counted ${count} packets; expected ${this.#packets}`);
    return nanoseconds! / this.#packets / 1000;
  }

  close(): void {
    this.#reader.close();
    this.#sender.close();
  }
}

/** Measures two programs alternately. */
async function duel(floor: Reader, other: Reader, rounds: number): Promise<{ reference: Figures; other: Figures; ratio: Figures }> {
  const pairs: (readonly [number, number])[] = [];
  try {
    await floor.bound();
    await other.bound();
    for (let round = -2; round < rounds; round++) {
      const pair = [await floor.measure(), await other.measure()] as const;
      if (round >= 0) pairs.push(pair);
    }
  } finally {
    floor.close();
    other.close();
  }
  return {
    reference: figuresOf(pairs.map(([c]) => c)),
    other: figuresOf(pairs.map(([, own]) => own)),
    ratio: figuresOf(pairs.map(([c, own]) => own / c)),
  };
}

/** Returns a row that measures packets, in microseconds of processor time. */
function packetRow({ name, title, command, check }: PacketRow): Row {
  const against = (bench: Bench, program: readonly string[], number: number, rounds: number): ReturnType<typeof duel> => {
    const namespace = bench.withPackets(RULES);
    const { packets } = bench.options;
    const floor = [compile('floor/packets.c'), command, `${NUMBERS.floor}`];
    return duel(
      new Reader(namespace, floor, PORTS[command] + NUMBERS.floor, packets),
      new Reader(namespace, program, PORTS[command] + number, packets),
      rounds,
    );
  };
  const measurePeer = async (bench: Bench, peer: Peer): Promise<Series | string> => {
    const program = start(peer, [command, `${NUMBERS.peer}`]);
    if (program === undefined) return `${peer.name} is not installed: ${peer.install}`;
    try {
      const { other, ratio } = await against(bench, program, NUMBERS.peer, Math.min(peer.rounds ?? Infinity, bench.options.runs));
      return { name: peer.name, role: 'peer', figures: other, ratio };
    } catch (error) {
      return `${peer.name} failed: ${String(error)}`;
    }
  };
  return {
    name,
    async measure(bench: Bench): Promise<Result> {
      const { packets, runs } = bench.options;
      const library = subject('packets', [command, `${NUMBERS.library}`]);
      const { reference, other, ratio } = await against(bench, library, NUMBERS.library, runs);
      const measured: (Series | string)[] = [];
      for (const peer of bench.options.peers ? peers.filter(({ works }) => works.includes(name)) : []) {
        measured.push(await measurePeer(bench, peer));
      }
      return {
        name,
        title: `${title}, ${grouped(packets)} packets, processor time of each`,
        unit: 'us',
        series: [
          { name: 'C', role: 'floor', figures: reference },
          { name: 'rxnetlink', role: 'library', figures: other, ratio },
          ...measured.filter((one) => typeof one !== 'string'),
        ],
        checks: [check(title, other, ratio)],
        missing: measured.filter((one) => typeof one === 'string'),
      };
    },
  };
}

/** The packets of a queue, each with a verdict, and of a log group. */
export const packetRows: readonly Row[] = [
  packetRow({
    name: 'packets-queue',
    title: 'packets of a queue, accepted',
    command: 'queue',
    check: (title, _, ratio) => checkRatio(title, ratio, 2),
  }),
  // Not a ratio, because the work is not equal: the C program does not read the attributes of a logged packet.
  packetRow({
    name: 'packets-log',
    title: 'packets of a log group',
    command: 'log',
    check: (title, own) => checkAmount(title, own, 2, 'us'),
  }),
];
