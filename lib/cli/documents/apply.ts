import { createInterface } from 'node:readline';
import { catchError, concatMap, defer, EMPTY, finalize, fromEvent, mergeMap, of, tap, throwError, type Observable } from 'rxjs';
import { isNetworkError, type ApplyEvent, type ApplyOptions } from '../../network/index.js';
import type { Action, Call } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { reportFailure } from '../run/report-failure.js';
import { UsageError } from '../run/usage-error.js';
import { printable } from '../output/printable.js';
import { planLines } from './plan-lines.js';
import { readDocument } from './read-document.js';
import { withNetwork } from './with-network.js';
import { stringify } from '../../schema/index.js';

/** `rxnetlink apply`: the changes, each as a line, and the result. */
export const action: Action = (call) =>
  readDocument(call.words[0]!).pipe(
    mergeMap((document) => withNetwork(call, (net) => net.applyWithProgress(document, optionsOf(call)))),
    tap((event) => {
      call.output.lines(call.options['json'] === true ? jsonLines(event) : eventLines(event, call));
    }),
    concatMap((event) => (event.type === 'applied' && event.result.left.length > 0 ? of(ExitCode.Failure) : EMPTY)),
    catchError((error: unknown) => {
      if (!isNetworkError(error, 'cancelled')) return throwError(() => error);
      reportFailure(call.output, error);
      return of(ExitCode.Interrupted);
    }),
  );

function optionsOf({ words: [file], options: { confirm, keepGoing }, signal, output }: Call): ApplyOptions {
  if (typeof confirm === 'string' && keepGoing === true)
    throw new UsageError('--confirm takes everything back without an Enter, --keep-going takes nothing back: use one of them');
  if (typeof confirm === 'string' && file === '-')
    throw new UsageError('--confirm reads the standard input; name the file of the document');
  return {
    signal,
    ...(keepGoing === true && { onFailure: 'continue' }),
    ...(typeof confirm === 'string' && { confirm: { within: confirm as `${number}s`, by: enterPressed(confirm, output) } }),
  };
}

/** Emits when a person presses Enter. */
function enterPressed(within: string, output: Call['output']): Observable<unknown> {
  // When the changes have been made: an earlier Enter means something else.
  return defer(() => {
    const lines = createInterface({ input: process.stdin });
    output.note(`press Enter within ${within} to keep the changes`);
    return fromEvent(lines, 'line').pipe(
      finalize(() => {
        lines.close();
      }),
    );
  });
}

function eventLines(event: ApplyEvent, { output: { style } }: Call): string[] {
  switch (event.type) {
    case 'started':
      return event.plan.isEmpty ? [] : planLines(event.plan.effects.map((effect) => `! ${effect}`).join('\n'), style);
    case 'done':
      return planLines(event.difference.text, style);
    case 'applied':
      return [
        ...event.result.left.map(({ text }) => style.red(`not written: ${printable(text)}`)),
        event.result.written === 0 && event.result.left.length === 0
          ? 'nothing differs'
          : `applied and verified: ${String(event.result.written)} changes`,
      ];
    case 'undoing':
      return ['taking back what was changed'];
    case 'verified':
      return [];
  }
}

function jsonLines(event: ApplyEvent): string[] {
  if (event.type !== 'started') return [stringify(event)];
  const { differences, effects } = event.plan;
  return [stringify({ type: 'started', differences, effects })];
}
