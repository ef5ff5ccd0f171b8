import { defer, takeWhile, type MonoTypeOperatorFunction } from 'rxjs';
import { DumpInterruptedError } from '../errors/index.js';
import { isInterrupted } from '../exchange/index.js';
import { MessageType, type Message } from '../wire/index.js';
import { isOwn, kernelErrorIn } from './kernel-error-in.js';

/**
 * Ends the stream at the DONE message of a dump.
 *
 * The first DONE ends the stream: select the replies to one dump with {@link repliesTo} before. The operator does not emit
 * DONE; a DONE that carries an error becomes the error signal. A DONE from another sender than the kernel, or to a group,
 * is data: connector events have this type.
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
 * @throws {@link DumpInterruptedError} as the error signal instead of completion, if a part or DONE has the interrupted flag.
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
          const error = kernelErrorIn(message);
          if (error !== undefined) throw error;
          if (interrupted) throw new DumpInterruptedError('dump');
          return false;
        }),
      );
    });
}
