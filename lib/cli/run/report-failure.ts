import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { ExitCode } from './exit-code.js';
import { isUsageError } from './usage-error.js';

/** Prints an error as one line, and returns the exit code for it. */
export function reportFailure(output: Output, error: unknown): ExitCode {
  output.note(`rxnetlink: ${printable(textOf(error).replaceAll(/\s*\n\s*/g, '; '))}`);
  return isUsageError(error) ? ExitCode.Usage : ExitCode.Failure;
}

/** Why a file cannot be opened. Node's own text names the system call and the number of the error. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this user may not open it',
  EPERM: 'this user may not open it',
};

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const fault = FAULTS[code];
  return syscall === 'open' && path !== undefined && fault !== undefined ? `cannot open ${path}: ${fault}` : error.message;
}
