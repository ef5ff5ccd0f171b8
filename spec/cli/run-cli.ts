import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Output } from '../../lib/cli/output/output.js';
import { runProgram } from '../../lib/cli/program.js';

/** The output of a command line, and its exit code. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function runCli(...argv: readonly string[]): Promise<CliResult> {
  const out = new PassThrough({ highWaterMark: 64 << 20 });
  const err = new PassThrough({ highWaterMark: 1 << 20 });
  const code = await runProgram(argv, '9.9.9', new Output(out, err, {}));
  out.end();
  err.end();
  return { code, out: await text(out), err: await text(err) };
}

/** Runs a command line that must succeed, and returns the lines of its output. */
export async function linesOf(...argv: readonly string[]): Promise<string[]> {
  const { code, out, err } = await runCli(...argv);
  if (code !== 0) throw new Error(`rxnetlink ${argv.join(' ')} exited with ${String(code)}: ${err}`);
  return out.split('\n').slice(0, -1);
}
