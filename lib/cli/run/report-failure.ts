import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { ExitCode } from './exit-code.js';
import { isUsageError } from './usage-error.js';

/** Prints an error as one line, and returns the exit code for it. */
export function reportFailure(output: Output, error: unknown): ExitCode {
  const text = error instanceof Error ? error.message : String(error);
  output.note(`rxnetlink: ${printable(text.replaceAll(/\s*\n\s*/g, '; '))}`);
  return isUsageError(error) ? ExitCode.Usage : ExitCode.Failure;
}
