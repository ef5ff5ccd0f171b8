import { defer, takeWhile, type MonoTypeOperatorFunction } from 'rxjs';
import { DumpInterruptedError } from '../errors/index.js';
import { isInterrupted } from '../exchange/index.js';
import { MessageType, type Message } from '../wire/index.js';
import { isOwn, refusalOf } from './refusal.js';

/**
 * Ends the stream at the DONE message of a dump.
 *
 * In plain words: turns "everything this socket says" into "the answer to one dump". It takes the first DONE for the end:
 * narrow a busy stream to one dump by {@link repliesTo} before it. DONE is swallowed; a DONE that carries an error becomes
 * the error signal. A DONE that does not come from the kernel to this socket alone is data, as connector events are.
 *
 * ```text
 * source:  --a--b--(cD)--x--     D = DONE, x = a later notification
 *          untilDone()
 * result:  --a--b--(c|)
 * source:  ^-------!             unsubscribed with the result
 * ```
 *
 * @returns An operator that mirrors its source up to, and without, DONE.
 * @throws {@link KernelError} as the error signal, if DONE reports one.
 * @throws {@link DumpInterruptedError} as the error signal in place of the end, if a part or DONE says that objects changed meanwhile.
 * @example Collect one dump
 * ```ts
 * const links = await lastValueFrom(replies.pipe(untilDone(), toArray()));
 * ```
 * @see {@link retryInterruptedDump}
 * @public
 */
export function untilDone(): MonoTypeOperatorFunction<Message> {
  return (source) =>
    defer(() => {
      let interrupted = false;
      return source.pipe(
        takeWhile((message) => {
          if (!isOwn(message)) return true;
          interrupted ||= isInterrupted(message);
          if (message.type !== MessageType.Done) return true;
          const refusal = refusalOf(message);
          if (refusal !== undefined) throw refusal;
          if (interrupted) throw new DumpInterruptedError('dump');
          return false;
        }),
      );
    });
}
