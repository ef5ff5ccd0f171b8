import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { figuresOf, type Figures } from './figures.js';
import { atExit } from './place.js';

/** One measured run. */
export interface Run {
  readonly nanoseconds: number;
  /** How many messages, or requests. */
  readonly count: number;
}

/** A program in a namespace that does something for each line that it is given, and answers with a line. */
export class Contender {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #forget: () => void;

  constructor(name: string, namespace: string, program: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.name = name;
    this.#process = spawn('ip', ['netns', 'exec', namespace, ...program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    // That it has ended is seen where its answer is missed.
    this.#process.stdin!.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
    this.#forget = atExit(() => this.#process.kill('SIGKILL'));
  }

  /** Gives it a line and waits for its answer. */
  async ask(line = ''): Promise<string> {
    this.#process.stdin!.write(`${line}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`${this.name} has ended`);
    return answer.value;
  }

  /** Has it do its work once. */
  async measure(): Promise<Run> {
    const [nanoseconds, count] = (await this.ask()).split(' ').map(Number);
    return { nanoseconds: nanoseconds!, count: count! };
  }

  /** Ends it. */
  close(): void {
    this.#process.kill();
    this.#forget();
  }
}

/** What two contenders took that worked in turn, for one of what they count; in nanoseconds. */
export interface Duel {
  readonly reference: Figures;
  readonly other: Figures;
  /** Of each pair of runs, side by side. */
  readonly ratio: Figures;
  readonly count: number;
}

/** Rounds of a duel that do not count. */
const WARM_UP = 3;

/** What a dump may hold beside the routes that were made: those of the loopback, of IPv6, of other tables. */
const OTHERS = 64;

/**
 * Has two contenders work in turn, after rounds that do not count.
 *
 * @throws Error if they did not do the same amount of work.
 */
export async function duel(reference: Contender, other: Contender, rounds: number, warmUp: number = WARM_UP): Promise<Duel> {
  const pairs: { reference: Run; other: Run }[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const pair = { reference: await reference.measure(), other: await other.measure() };
    if (Math.abs(pair.reference.count - pair.other.count) > OTHERS) {
      throw new Error(`${reference.name} counts ${pair.reference.count}, ${other.name} ${pair.other.count}`);
    }
    if (round >= 0) pairs.push(pair);
  }
  return {
    reference: figuresOf(pairs.map(({ reference: run }) => run.nanoseconds / run.count)),
    other: figuresOf(pairs.map(({ other: run }) => run.nanoseconds / run.count)),
    ratio: figuresOf(pairs.map((pair) => pair.other.nanoseconds / pair.reference.nanoseconds)),
    count: pairs[0]!.other.count,
  };
}
