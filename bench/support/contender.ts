import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { figuresOf, type Figures } from './figures.js';
import { atExit } from './place.js';

/** One measured run. */
export interface Run {
  readonly nanoseconds: number;
  /** The number of messages or requests. */
  readonly count: number;
}

/** A program in a namespace that works once for each line on its stdin, and prints a line as the answer. */
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
    // `ask` reports a process that has ended.
    this.#process.stdin!.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
    this.#forget = atExit(() => this.#process.kill('SIGKILL'));
  }

  /** Sends a line and returns the answer. */
  async ask(line = ''): Promise<string> {
    this.#process.stdin!.write(`${line}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`${this.name}: the process ended before it answered; its standard error has the reason`);
    return answer.value;
  }

  /** Runs the work once. */
  async measure(): Promise<Run> {
    const [nanoseconds, count] = (await this.ask()).split(' ').map(Number);
    return { nanoseconds: nanoseconds!, count: count! };
  }

  /** Asks several times after once that is not measured, ends the process, and returns the answers, which are JSON. */
  async askAll<Answer>(rounds = 5): Promise<Answer[]> {
    const answers: Answer[] = [];
    try {
      for (let round = -1; round < rounds; round++) {
        const answer = JSON.parse(await this.ask()) as Answer;
        if (round >= 0) answers.push(answer);
      }
    } finally {
      this.close();
    }
    return answers;
  }

  /** Ends the process. */
  close(): void {
    this.#process.kill();
    this.#forget();
  }
}

/** The times of two contenders that worked alternately, in nanoseconds for one message or request. */
export interface Duel {
  readonly reference: Figures;
  readonly other: Figures;
  /** The ratios of neighbouring runs. */
  readonly ratio: Figures;
  readonly count: number;
}

/** The number of rounds that are not measured. */
const WARM_UP = 3;

/** The number of other routes that a dump may contain: of the loopback, of IPv6, of other tables. */
const OTHERS = 64;

/**
 * Runs two contenders alternately, after rounds that are not measured.
 *
 * @throws Error if they did not do the same amount of work.
 */
export async function duel(reference: Contender, other: Contender, rounds: number, warmUp: number = WARM_UP): Promise<Duel> {
  const pairs: { reference: Run; other: Run }[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const pair = { reference: await reference.measure(), other: await other.measure() };
    if (Math.abs(pair.reference.count - pair.other.count) > OTHERS) {
      throw new Error(`${other.name}: counted ${pair.other.count}; expected ${pair.reference.count}, as ${reference.name} counted`);
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
