import { map, type MonoTypeOperatorFunction } from 'rxjs';
import { kindOf } from '../check/index.js';
import { errnoNumber } from '../errors/index.js';
import { isDumpRequest } from '../exchange/index.js';
import { Protocol, encodeMessage, isAck, type Message, type MessageInit } from '../wire/index.js';
import { isOwn, kernelErrorIn } from './kernel-error-in.js';

const ENOBUFS = errnoNumber('ENOBUFS');

/**
 * Signals an error for an ERROR or DONE message with a negative error number.
 *
 * Acks pass: they are ERROR messages with error number 0, and often the only answer to a request. Messages from other
 * senders than the kernel, or to a group, pass as well.
 *
 * ```text
 * source:  --a--A--b--E--c--     A = an ack, E = ENODEV
 *          throwKernelErrors()
 * result:  --a--A--b--#
 * source:  ^----------!
 * ```
 *
 * @param request - The request, as `send()` returned it. The operator then considers only errors of this request, and the
 *   error holds the request and the attribute at fault. If the request is a dump, ENOBUFS passes: parts and DONE still follow.
 * @returns An operator that mirrors its source up to the first error.
 * @throws {@link KernelError} as the error signal.
 * @example The replies to one request, without request()
 * ```ts
 * const sent = socket.send({ type: 18, flags: MessageFlags.Dump });
 * socket.pipe(repliesTo(sent), throwKernelErrors(sent), untilDone()).subscribe((link) => console.log(link.length));
 * ```
 * @public
 */
export function throwKernelErrors(request?: MessageInit): MonoTypeOperatorFunction<Message> {
  if (request !== undefined && typeof (request as Partial<MessageInit> | null)?.type !== 'number')
    throw new TypeError(`throwKernelErrors(): request must be a message as send() returned it, e.g. { type: 18 }, not ${kindOf(request)}`);
  const dump = request !== undefined && isDumpRequest(Protocol.Generic, request.type, request.flags ?? 0);
  const bytes = request === undefined ? undefined : encodeMessage(request);
  const operation = request === undefined ? undefined : `type ${request.type}`;
  return map((message) => {
    if (!isAck(message) || !isOwn(message)) return message;
    if (request?.sequence !== undefined && request.sequence !== message.sequence) return message;
    const error = kernelErrorIn(message, operation, bytes);
    if (error === undefined || (dump && error.errno === ENOBUFS)) return message;
    throw error;
  });
}
