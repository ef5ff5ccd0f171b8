import { MessageFlags, Protocol, type Message } from '../../wire/index.js';

/**
 * Tests whether a reply to a request with NLM_F_ECHO is about the object of the request.
 *
 * The kernel marks each notification that such a request causes with its sequence number: a replaced nexthop also sends RTM_NEWROUTE for the
 * routes that use it. The types of rtnetlink come in groups of four (RTM_NEW, DEL, GET, SET), one group for each object.
 *
 * @internal
 */
export function isOwnEcho(protocol: number, type: number, flags: number, message: Message): boolean {
  return protocol !== Protocol.Route || (flags & MessageFlags.Echo) === 0 || message.type >> 2 === type >> 2;
}
