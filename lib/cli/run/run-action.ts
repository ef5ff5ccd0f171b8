import { fromEvent, lastValueFrom, merge, share, takeUntil, tap } from 'rxjs';
import type { Call, CommandSpec } from '../command.js';
import { ExitCode } from './exit-code.js';
import { reportFailure } from './report-failure.js';

/**
 * Runs a command until it completes, until Ctrl-C or SIGTERM, or until the reader of its output ends.
 *
 * @returns The exit code. A failure is one line on standard error.
 */
export async function runAction({ load, endsItself }: CommandSpec, call: Omit<Call, 'signal'>): Promise<ExitCode> {
  const { output } = call;
  let code: ExitCode = ExitCode.Success;
  const abort = new AbortController();
  const interrupted = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(
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
