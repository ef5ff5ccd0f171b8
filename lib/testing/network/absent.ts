import { MessageFlags, Protocol, type Message } from '../../wire/index.js';
import { isDumpRequest } from '../../exchange/index.js';
import { done, errorReply } from '../reply/ack.js';
import { multipart } from '../reply/multipart.js';
import type { Replies } from '../reply/reply.js';

/** The objects of other protocols. */
const PROTOCOLS: Readonly<Record<number, string>> = {
  [Protocol.SockDiag]: 'sockets',
  [Protocol.Netfilter]: 'firewall (nftables) and no tracked connections',
  [Protocol.Generic]: 'generic netlink families, WireGuard among them',
};

/** The objects of message types of rtnetlink, by the first of the four types of each (uapi/linux/rtnetlink.h). */
const ROUTE_TYPES: Readonly<Record<number, string>> = {
  84: 'multicast entries',
  92: 'statistics of links',
  112: 'VLANs of bridges',
};

/** Rejects a request for objects that the fake network does not have, and names them. @internal */
export function absent(request: Message, protocol: number): Replies {
  const { type, flags } = request;
  const objects = protocol === Protocol.Route ? ROUTE_TYPES[type & ~3] : PROTOCOLS[protocol];
  const message = `the fake network has no ${objects ?? `messages of type ${type} of protocol ${protocol}`}`;
  const isDump = (flags & MessageFlags.Dump) !== 0 && isDumpRequest(protocol, type, flags);
  return isDump ? multipart([], done('EOPNOTSUPP', { message })) : errorReply('EOPNOTSUPP', { message });
}
