import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { skipBecause, type Namespace } from '../support/namespace.js';
import { run, spawn, spawnSync } from '../support/programs.js';

/** A traced program. */
export interface Traced {
  readonly output: string;
  /** The calls before the first mark, between the first and the second, and so on. A mark is a signal 0 of the process to itself. */
  readonly sections: readonly (readonly string[])[];
}

/** Skips the specs if strace is not installed, or may not trace. */
export function requireStrace(context: Mocha.Context): void {
  if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) skipBecause(context, 'strace is not installed, or may not trace');
}

/** Returns the command that runs a program in a namespace under strace, which writes to a file. */
function traced(namespace: Namespace, calls: readonly string[], file: string, program: readonly string[]): [string, string[]] {
  // The first also shows the program the interfaces of the namespace in /sys.
  const enter = namespace.name === undefined ? ['nsenter', `--net=${namespace.path}`, '--'] : ['ip', 'netns', 'exec', namespace.name];
  const strace = [
    'strace',
    '-f',
    '-v',
    '-s',
    '32',
    '--seccomp-bpf',
    '-e',
    'signal=none',
    '-o',
    file,
    '-e',
    `trace=kill,${calls.join(',')}`,
  ];
  return [enter[0]!, [...enter.slice(1), ...strace, ...program]];
}

/**
 * Runs a program in a namespace under strace.
 *
 * @param calls - The names of the system calls to trace.
 */
export function trace(namespace: Namespace, calls: readonly string[], program: readonly string[], input?: string): Traced {
  const file = nextFile();
  try {
    const output = run(...traced(namespace, calls, file, program), input);
    return { output, sections: sectionsOf(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(file, { force: true });
  }
}

/** A traced program that answers each line on its stdin with a line. */
export class TracedDialogue {
  readonly #file = nextFile();
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(namespace: Namespace, calls: readonly string[], program: readonly string[]) {
    this.#process = spawn(...traced(namespace, calls, this.#file, program), {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    // `answer` reports a program that has ended.
    this.#process.stdin!.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Sends a line, and returns the answer. */
  ask(line: string): Promise<string> {
    this.#process.stdin!.write(`${line}\n`);
    return this.answer();
  }

  /** Returns the next line that the program prints. */
  async answer(): Promise<string> {
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`the program ended before it answered; its standard error has the reason`);
    return answer.value;
  }

  /** Ends the program; returns its calls. */
  async end(): Promise<readonly string[]> {
    if (this.#runs) {
      const ended = once(this.#process, 'exit');
      this.#kill('SIGTERM');
      await ended;
    }
    return sectionsOf(readFileSync(this.#file, 'utf8')).flat();
  }

  /** Ends a program that may still run, because a spec has failed. */
  [Symbol.dispose](): void {
    this.#kill('SIGKILL');
    rmSync(this.#file, { force: true });
  }

  /** Sends a signal to strace and to the program. */
  #kill(signal: NodeJS.Signals): void {
    if (this.#runs) process.kill(-this.#process.pid!, signal);
  }

  get #runs(): boolean {
    return this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }
}

let files = 0;

function nextFile(): string {
  return join(tmpdir(), `rxnetlink-trace-${String(process.pid)}-${String(++files)}`);
}

function sectionsOf(text: string): string[][] {
  const sections: string[][] = [[]];
  const unfinished = new Map<string, string>();
  for (const [, thread, line] of text.matchAll(/^(\d+) +(.*)$/gm)) {
    // strace prints a call in two lines if a call of another thread interrupts it.
    const begun = /^(.*) <unfinished \.\.\.>$/.exec(line!)?.[1];
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(line!)?.[1];
    const call = rest === undefined ? line! : (unfinished.get(thread!) ?? '') + rest;
    if (begun !== undefined) unfinished.set(thread!, begun);
    else if (/^kill\(\d+, 0/.test(call)) sections.push([]);
    else if (/^\w+\(/.test(call)) sections.at(-1)!.push(call);
  }
  return sections;
}
