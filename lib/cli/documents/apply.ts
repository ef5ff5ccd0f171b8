import { createInterface } from 'node:readline';
import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  finalize,
  fromEvent,
  map,
  mergeMap,
  of,
  race,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { isNetworkError, type Applied, type ApplyEvent, type ApplyOptions, type NetworkError } from '../../network/index.js';
import type { Action, Call } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { reportFailure } from '../run/report-failure.js';
import { timeOption } from '../run/time-option.js';
import { UsageError } from '../run/usage-error.js';
import { printable } from '../output/printable.js';
import { planLines } from './plan-lines.js';
import { readDocument } from './read-document.js';
import { withNetwork } from './with-network.js';
import { jsonText } from '../output/json-text.js';
import { countText } from '../output/count-text.js';

/** `rxnetlink apply`: the changes, each as a line, and the result. */
export const action: Action = (call) =>
  defer(() => {
    // The options are checked before the document is read and before anything is changed.
    const options = optionsOf(call);
    return readDocument(call).pipe(mergeMap((document) => withNetwork(call, (net) => net.applyWithProgress(document, options))));
  }).pipe(
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
  const common: ApplyOptions = { signal, ...(keepGoing === true && { onFailure: 'continue' }) };
  if (typeof confirm !== 'string') return common;
  if (keepGoing === true)
    throw new UsageError('--confirm takes everything back without an Enter, --keep-going takes nothing back: use one of them');
  if (file === '-') throw new UsageError('--confirm reads the standard input; name the file of the document');
  const milliseconds = timeOption('--confirm', confirm, REPORTING_MS);
  return { ...common, confirm: { within: milliseconds + REPORTING_MS, by: enterPressed(confirm, milliseconds, output) } };
}

/** The command reports the end of its time itself, in the words of the command line: before the library does. */
const REPORTING_MS = 1000;

/** Emits when a person presses Enter. */
function enterPressed(within: string, milliseconds: number, output: Call['output']): Observable<unknown> {
  // When the changes have been made: an earlier Enter means something else.
  return defer(() => {
    const lines = createInterface({ input: process.stdin });
    output.note(`press Enter within ${within} to keep the changes`);
    const unconfirmed = (reason: string) => () => {
      throw new Error(`--confirm: ${reason}`);
    };
    return race(
      fromEvent(lines, 'line'),
      fromEvent(lines, 'close').pipe(map(unconfirmed('the standard input ended without an Enter'))),
      timer(milliseconds).pipe(map(unconfirmed(`Enter was not pressed within ${within}`))),
    ).pipe(
      finalize(() => {
        lines.close();
        // A pipe that stays open keeps Node from its end.
        process.stdin.destroy();
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
        ...event.result.left.map(({ text, error }) => style.red(`not written: ${printable(`${text}${reasonText(error)}`)}`)),
        lastLine(event.result),
      ];
    case 'undoing':
      return ['taking back what was changed'];
    case 'verified':
      return [];
  }
}

/** Returns the reason of an error without the object, which stands before it. */
function reasonText(error: NetworkError | undefined): string {
  if (error === undefined) return '';
  const { operation = '', subject, message } = error;
  return `: ${message.slice(`cannot ${operation} ${subject}: `.length)}`;
}

function lastLine({ written, left }: Applied): string {
  if (left.length > 0) {
    const verb = left.length === 1 ? 'is' : 'are';
    return `${written === 0 ? 'nothing was applied' : `applied in part: ${countText(written, 'change')}`}; ${countText(left.length, 'difference')} ${verb} left`;
  }
  return written === 0 ? 'nothing differs' : `applied and verified: ${countText(written, 'change')}`;
}

function jsonLines(event: ApplyEvent): string[] {
  if (event.type !== 'started') return [jsonText(event)];
  const { differences, effects } = event.plan;
  return [jsonText({ type: 'started', differences, effects })];
}
