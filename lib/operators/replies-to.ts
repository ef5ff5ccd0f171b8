import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { checkInteger, checkOptionNames, kindOf } from '../check/index.js';
import { isAddressed, isTrusted, trustOf } from '../exchange/index.js';
import type { Message, MessageInit } from '../wire/index.js';

/** Options of {@link repliesTo}. @public */
export interface RepliesToOptions {
  /**
   * Port ID of the socket that sent the request. Most replies carry it, even if the request's header has another one.
   * @defaultValue the port ID of the request
   */
  readonly portId?: number;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof RepliesToOptions>(['portId']);

/**
 * Emits only the messages that may answer one request.
 *
 * A matching sequence number is not enough: any process can write one, and the notification of the socket's own change
 * carries its numbers. A reply comes from the kernel, in the socket's own namespace, and to no group. The exception is a
 * request with `MessageFlags.Echo`: the kernel sends the created object with a group number.
 *
 * The result does not complete: put an operator that detects the end after it. `request()` of a socket needs none of this.
 *
 * ```text
 * source:  --a--n--a--b--A--s--     a, A = its replies, b = another reply, n = its notification, s = forged by a process
 *          repliesTo(request)
 * result:  --a-----a-----A-----
 * source:  ^------------------!
 * ```
 *
 * @param request - The request, as `send()` returned it.
 * @param options - Needed if the request has another port ID than its socket.
 * @returns An operator that mirrors its source without other messages.
 * @throws TypeError if the request has no sequence number, or an option is not valid.
 * @see {@link untilDone}
 * @see {@link throwKernelErrors}
 * @public
 */
export function repliesTo(
  request: Pick<MessageInit, 'sequence' | 'portId' | 'flags'>,
  options: RepliesToOptions = {},
): MonoTypeOperatorFunction<Message> {
  const { sequence = 0, portId = 0, flags = 0 } = (request as typeof request | undefined) ?? {};
  checkOptionNames('repliesTo()', options, OPTIONS);
  if (typeof sequence !== 'number') throw new TypeError(`repliesTo(): the request's sequence must be a number, not ${kindOf(sequence)}`);
  if (sequence === 0) throw new TypeError('repliesTo(): the request has no sequence number; pass the request that send() returned');
  const socketPortId = options.portId ?? portId;
  checkInteger('repliesTo(): portId', socketPortId, 0, 0xffff_ffff);
  return filter(
    (message) =>
      message.sequence === sequence && isAddressed(message.portId, socketPortId, portId) && isTrusted(trustOf(message.origin), flags),
  );
}
