import { map, type MonoTypeOperatorFunction } from 'rxjs';
import { errnoNumber } from '../errors/index.js';
import { isDumpRequest } from '../exchange/index.js';
import { Protocol, encodeMessage, isAck, type Message, type MessageInit } from '../wire/index.js';
import { isOwn, refusalOf } from './refusal.js';

const ENOBUFS = errnoNumber('ENOBUFS');

/**
 * Turns the kernel's refusals into error signals: ERROR, and DONE that carries an error.
 *
 * Acks pass: they are ERROR messages too, with error number 0, and often all that answers a request. Whatever does not come
 * from the kernel to this socket alone passes as well.
 *
 * ```text
 * source:  --a--A--b--E--c--     A = an ack, E = ENODEV
 *          throwKernelErrors()
 * result:  --a--A--b--#
 * source:  ^----------!
 * ```
 *
 * @param request - What was sent, as `send()` returned it. Only its own refusals count then, the error knows it, and can
 *   tell the attribute that the kernel points at. Where it is a dump, ENOBUFS passes: its parts and DONE follow all the same.
 * @returns An operator that mirrors its source up to the first refusal.
 * @throws {@link KernelError} as the error signal.
 * @example The answer to one request, by hand
 * ```ts
 * const sent = socket.send({ type: 18, flags: MessageFlags.Dump });
 * socket.pipe(repliesTo(sent), throwKernelErrors(sent), untilDone()).subscribe((link) => console.log(link.length));
 * ```
 * @public
 */
export function throwKernelErrors(request?: MessageInit): MonoTypeOperatorFunction<Message> {
  const dump = request !== undefined && isDumpRequest(Protocol.Generic, request.type, request.flags ?? 0);
  const bytes = request === undefined ? undefined : encodeMessage(request);
  const operation = request === undefined ? undefined : `type ${request.type}`;
  return map((message) => {
    if (!isAck(message) || !isOwn(message)) return message;
    if (request?.sequence !== undefined && request.sequence !== message.sequence) return message;
    const refusal = refusalOf(message, operation, bytes);
    if (refusal === undefined || (dump && refusal.errno === ENOBUFS)) return message;
    throw refusal;
  });
}
