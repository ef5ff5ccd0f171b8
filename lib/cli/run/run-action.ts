import { fromEvent, lastValueFrom, merge, share, takeUntil, tap } from 'rxjs';
import type { Call, CommandSpec } from '../command.js';
import { ExitCode } from './exit-code.js';
import { reportFailure } from './report-failure.js';

/** The signals that end a command: Ctrl-C, `kill`, and the end of a terminal, also of one that a change of the network has cut off. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command until it completes, until one of these signals, or until the reader of its output ends.
 *
 * @returns The exit code. A failure is one line on standard error.
 */
export async function runAction({ load, endsItself }: CommandSpec, call: Omit<Call, 'signal'>): Promise<ExitCode> {
  const { output } = call;
  let code: ExitCode = ExitCode.Success;
  const abort = new AbortController();
  const interrupted = merge(...ENDING.map((signal) => fromEvent(process, signal))).pipe(
    tap(() => {
      code = ExitCode.Interrupted;
      abort.abort();
    }),
    share(),
  );
  // In `rxnetlink monitor | head`, the reader of the pipe ends first: that is not a failure.
  const end = merge(interrupted, fromEvent(output.closed, 'abort'));
  const watching = end.subscribe();
  try {
    const action = await load();
    if (abort.signal.aborted || output.closed.aborted) return code;
    const work = action({ ...call, signal: abort.signal }).pipe(tap((emitted) => (code = emitted)));
    await lastValueFrom(endsItself === true ? work : work.pipe(takeUntil(end)), { defaultValue: ExitCode.Success });
    return code;
  } catch (error) {
    return reportFailure(output, error);
  } finally {
    watching.unsubscribe();
    output.end();
  }
}
