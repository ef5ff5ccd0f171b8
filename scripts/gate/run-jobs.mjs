import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { root } from '../prepare.mjs';
import { repeatedCommand, replaceFailed } from './reports/repeat.mjs';

/** The longest time of a job: one that hangs must end, and show what it printed. */
const LIMIT_MS = 20 * 60_000;

/** Time after the end of a job to read the rest of its output. */
const DRAIN_MS = 200;

/**
 * Runs a command and collects what it prints, standard output and standard error in one text.
 *
 * @returns The text, and `fault`, which is undefined if the command succeeded.
 */
function runCommand([program, ...args], env) {
  return new Promise((resolve) => {
    const chunks = [];
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS, killSignal: 'SIGKILL' });
    const streams = [child.stdout, child.stderr];
    for (const stream of streams) stream.on('data', (chunk) => chunks.push(chunk));
    const end = (fault) => {
      // A program that the command left behind may hold the pipes open: they would keep this process alive.
      for (const stream of streams) stream.destroy();
      resolve({ fault, output: Buffer.concat(chunks).toString() });
    };
    child.once('error', ({ message }) => end(message));
    child.once('exit', (code, signal) => setTimeout(end, DRAIN_MS, code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
}

/** As `runCommand`. With mocha's option `--retries`, spec files that failed also run once more in a process of their own. */
async function runTwice(command, env) {
  if (env.RXNETLINK_REPORT) rmSync(env.RXNETLINK_REPORT, { force: true });
  const first = await runCommand(command, env);
  const repeated = env.MOCHA_OPTIONS?.includes('--retries') ? repeatedCommand(command, env, first.fault) : undefined;
  if (repeated === undefined) return first;
  const second = await runCommand(repeated.command, repeated.env);
  const passed = replaceFailed(env.RXNETLINK_REPORT, repeated.env.RXNETLINK_REPORT);
  return {
    fault: passed ? second.fault : (second.fault ?? first.fault),
    output: `${first.output}\nonce more: ${repeated.files.join(' ')}\n${second.output}`,
  };
}

/** Runs jobs in the order of the calls, at most `width` at once. No job starts after one has failed. */
export class JobQueue {
  #free;
  #failed = false;
  #waiting = [];

  constructor(width) {
    this.#free = width;
  }

  /**
   * Runs a command when its turn comes.
   *
   * @param check - Returns the fault of a command that ended with exit code 0; undefined if there is none.
   * @returns The result of the command; undefined if it did not start because another one had failed.
   */
  async run(command, env, check) {
    if (this.#free > 0) this.#free--;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      if (this.#failed) return undefined;
      const result = await runTwice(command, env);
      result.fault ??= check();
      if (result.fault !== undefined) this.#failed = true;
      return result;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
