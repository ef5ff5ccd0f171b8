import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { isAddressed, isTrusted, trustOf } from '../exchange/index.js';
import type { Message, MessageInit } from '../wire/index.js';

/** How {@link repliesTo} tells replies. @public */
export interface RepliesToOptions {
  /**
   * Port ID of the socket that sent the request: most replies carry it, whatever the request's header said.
   * @defaultValue the request's own
   */
  readonly portId?: number;
}

/**
 * Lets only messages pass that may answer one request.
 *
 * A matching sequence number is not enough: any process can write one, and the notification of one's own change carries
 * one's own numbers. A reply comes from the kernel, to no group, from no other namespace. The exception is a request with
 * `MessageFlags.Echo`: its object comes with a group's number.
 *
 * It does not end: an operator that knows the end comes behind it. Sockets do all this by themselves in `request()`.
 *
 * ```text
 * source:  --a--n--a--b--A--s--     a, A = its replies, b = another's, n = its notification, s = a stranger's forgery
 *          repliesTo(request)
 * result:  --a-----a-----A-----
 * source:  ^------------------!
 * ```
 *
 * @param request - What was sent, as `send()` returned it.
 * @param options - Where the request names another port ID than its socket's.
 * @returns An operator that mirrors its source without all other messages.
 * @throws TypeError if the request has no sequence number.
 * @see {@link untilDone}
 * @see {@link throwKernelErrors}
 * @public
 */
export function repliesTo(
  request: Pick<MessageInit, 'sequence' | 'portId' | 'flags'>,
  options: RepliesToOptions = {},
): MonoTypeOperatorFunction<Message> {
  const { sequence = 0, portId = 0, flags = 0 } = (request as typeof request | undefined) ?? {};
  if (sequence === 0) throw new TypeError('repliesTo(): the request has no sequence number; pass the request that send() returned');
  const socketPortId = options.portId ?? portId;
  return filter(
    (message) =>
      message.sequence === sequence && isAddressed(message.portId, socketPortId, portId) && isTrusted(trustOf(message.origin), flags),
  );
}
