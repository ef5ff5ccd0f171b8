import { fromEvent, lastValueFrom, map, merge, takeUntil, tap } from 'rxjs';
import type { Action, Call } from '../command.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { ExitCode } from './exit-code.js';
import { UsageError } from './usage-error.js';

/**
 * Runs the action of a command until it completes, until Ctrl-C or SIGTERM, or until nobody reads its output any more.
 *
 * @returns The exit code. A failure is one line on standard error.
 */
export async function runAction(action: Action, call: Call): Promise<ExitCode> {
  let code: ExitCode = ExitCode.Success;
  const interrupted = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(tap(() => (code = ExitCode.Interrupted)));
  // The reader of a pipe ended, as in `rxnetlink monitor | head`: that is no failure.
  const closed = call.output.closed.pipe(map(() => undefined));
  try {
    await lastValueFrom(
      action(call).pipe(
        tap((emitted) => (code = emitted)),
        takeUntil(merge(interrupted, closed)),
      ),
      {
        defaultValue: ExitCode.Success,
      },
    );
    return code;
  } catch (error) {
    return reportFailure(call.output, error);
  } finally {
    call.output.end();
  }
}

/** Prints an error as one line, and returns the exit code for it. */
export function reportFailure(output: Output, error: unknown): ExitCode {
  const text = error instanceof Error ? error.message : String(error);
  output.fail(`rxnetlink: ${printable(text.replaceAll(/\s*\n\s*/g, '; '))}`);
  return error instanceof UsageError ? ExitCode.Usage : ExitCode.Failure;
}
