import { concatMap, delayWhen, from, ignoreElements, of, timer, concat, defer } from 'rxjs';
import { readCapture } from '../../testing/index.js';
import { timeline } from '../../testing/internal.js';
import type { Action } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { UsageError } from '../run/usage-error.js';
import { ofCapture } from './input/of-capture.js';
import { MessagePrinter } from './message/message-printer.js';

/** `rxnetlink replay` prints the messages of a capture at the pace at which they were recorded. */
export const action: Action = ({ words: [file = ''], options, output }) => {
  const speed = options['speed'] === undefined ? 1 : Number(options['speed']);
  if (!(speed > 0)) throw new UsageError(`replay: --speed ${String(options['speed'])} is not a positive number`);
  return defer(() => {
    const capture = readCapture(file);
    const datagrams = ofCapture(capture);
    if (datagrams.length === 0) throw new Error(`${file}: the capture is empty`);
    const printer = new MessagePrinter(output, options['json'] === true);
    const printed$ = from(timeline(capture, speed)).pipe(
      delayWhen(({ due }) => timer(due)),
      concatMap((_, index) => printer.print(datagrams[index]!)),
      ignoreElements(),
    );
    return concat(
      printed$,
      defer(() => of(printer.faults === 0 ? ExitCode.Success : ExitCode.Failure)),
    );
  });
};
