import type { ChildProcess } from 'node:child_process';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Output } from '../../../lib/cli/output/output.js';
import { runProgram } from '../../../lib/cli/program.js';
import { PATIENCE } from '../../support/patience.js';
import { spawn } from '../../support/programs.js';

export const root: string = fileURLToPath(new URL('../../..', import.meta.url));

/** A command of rxnetlink that runs, and its output so far. */
abstract class Command {
  stdout = '';
  stderr = '';

  /** Waits until the output contains a text. */
  async prints(text: string): Promise<void> {
    await until(() => this.stdout.includes(text), `rxnetlink did not print ${text}`);
  }

  /** Returns the complete lines as objects. */
  objects(): Record<string, unknown>[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

/** A command in a process of its own. */
export class CommandProcess extends Command {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;

  constructor(...args: readonly string[]) {
    super();
    this.child = spawn(process.execPath, ['dist/cli/main.js', ...args], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }
}

/** A command in this process, which starts at once. */
export class CommandHere extends Command {
  readonly ended: Promise<number>;
  readonly #out: Writable;

  constructor(...args: readonly string[]) {
    super();
    const collect = (write: (text: string) => void): Writable =>
      new Writable({
        decodeStrings: false,
        write: (text: string, _, done) => {
          write(text);
          done();
        },
      });
    this.#out = collect((text) => (this.stdout += text));
    const errors = collect((text) => (this.stderr += text));
    this.ended = runProgram(args, '0.0.0', new Output(this.#out, errors, {}));
  }

  /** Ends the command as a reader of a pipe does that ends. */
  async end(): Promise<void> {
    this.#out.destroy();
    await this.ended;
  }
}

/** Waits for a condition. */
export async function until(condition: () => boolean, failure: string): Promise<void> {
  const end = Date.now() + 20_000 * PATIENCE;
  while (!condition()) {
    if (Date.now() > end) throw new Error(failure);
    await delay(10);
  }
}
