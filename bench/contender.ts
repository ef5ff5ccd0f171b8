import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One measured run. */
export interface Run {
  readonly nanoseconds: number;
  /** How many messages, or requests. */
  readonly count: number;
}

/** A program that measures one run for each line that it is given. */
export class Contender {
  readonly name: string;
  readonly runs: Run[] = [];
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(name: string, namespace: string, program: readonly string[]) {
    this.name = name;
    this.#process = spawn('ip', ['netns', 'exec', namespace, ...program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Has it do its work once. */
  async measure(): Promise<Run> {
    this.#process.stdin!.write('\n');
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`${this.name} has ended`);
    const [nanoseconds, count] = answer.value.split(' ').map(Number);
    return { nanoseconds: nanoseconds!, count: count! };
  }

  /** Ends it. */
  close(): void {
    this.#process.kill();
  }
}

/** What some runs come to, in nanoseconds for one run. */
export interface Figures {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly count: number;
}

/** Has contenders work in turn, after rounds that do not count. */
export async function race(contenders: readonly Contender[], warmUp: number, rounds: number): Promise<Figures[]> {
  for (let round = -warmUp; round < rounds; round++) {
    for (const contender of contenders) {
      const run = await contender.measure();
      if (round >= 0) contender.runs.push(run);
    }
  }
  return contenders.map(({ runs }) => figuresOf(runs));
}

function figuresOf(runs: readonly Run[]): Figures {
  const times = runs.map(({ nanoseconds }) => nanoseconds).sort((a, b) => a - b);
  const middle = times.length >> 1;
  const median = times.length % 2 === 1 ? times[middle]! : (times[middle - 1]! + times[middle]!) / 2;
  return { median, lowest: times[0]!, highest: times.at(-1)!, count: runs[0]!.count };
}
