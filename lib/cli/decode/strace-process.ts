import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/**
 * -yy names the protocol of sockets, -ttt prints the time since 1970; the text of strace itself (-s) is not read. Without -I, strace ignores
 * signals while it runs a command with -o.
 */
const OPTIONS = '-f -I 2 -yy -ttt -qq -s 0 -e trace=network -e signal=none -e read=all -e write=all'.split(' ');

/** The descriptor on which the log arrives. */
const LOG = 3;

/** The traced program: a command line, or a process that runs. */
export type Traced = { readonly command: readonly string[] } | { readonly process: number };

/** strace with its log. */
export class StraceProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /** The traced program writes its standard output to the standard error: what the command itself prints is apart from it. */
  constructor(traced: Traced) {
    // The program does not inherit the descriptor of the log: a program that goes to the background would keep it open.
    const target =
      'command' in traced ? ['sh', '-c', `exec ${LOG}>&-; exec "$@"`, 'sh', ...traced.command] : ['-p', String(traced.process)];
    this.#child = spawn('strace', [...OPTIONS, '-o', `|exec cat >&${LOG}`, ...target], { stdio: ['inherit', 2, 2, 'pipe'] });
    this.#ended = once(this.#child, 'close');
    // `exitCode` waits for it; until then its failure is not an unhandled one.
    this.#ended.catch(() => undefined);
  }

  /** The lines of the log. */
  get lines(): AsyncIterable<string> {
    return createInterface({ input: this.#child.stdio[LOG] as Readable, crlfDelay: Infinity });
  }

  /** Waits for the end, and returns the exit code of the program: as in a shell, 128 and the number of a signal that ended it. */
  async exitCode(): Promise<number> {
    try {
      await this.#ended;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new Error('trace needs strace, which is not installed; install the package strace');
    }
    const { exitCode, signalCode } = this.#child;
    return exitCode ?? 128 + (signalCode === null ? 0 : constants.signals[signalCode]);
  }

  /** Ends the trace: strace detaches from the program, or ends the one that it has started. */
  stop(): void {
    this.#child.kill('SIGTERM');
  }
}
