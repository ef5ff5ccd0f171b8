import { MessageFlags, Protocol, type Message } from '../../wire/index.js';

/* RTNLGRP_* of linux/rtnetlink.h by message type; some types have one group for IPv4 and one for IPv6. */
const ROUTE_GROUPS: Readonly<Record<number, number | { readonly ipv4: number; readonly ipv6: number }>> = {
  16: 1, // links
  17: 1,
  20: { ipv4: 5, ipv6: 9 }, // addresses
  21: { ipv4: 5, ipv6: 9 },
  24: { ipv4: 7, ipv6: 11 }, // routes
  25: { ipv4: 7, ipv6: 11 },
  28: 3, // neighbours
  29: 3,
  32: { ipv4: 8, ipv6: 19 }, // rules
  33: { ipv4: 8, ipv6: 19 },
  36: 4, // traffic control
  37: 4,
  40: 4,
  41: 4,
  44: 4,
  45: 4,
  88: 28, // namespace ids
  89: 28,
  104: 32, // nexthops
  105: 32,
};

const AF_INET6 = 10;

/**
 * Derives the group of a notification from its type, for captures without groups (nlmon).
 *
 * @returns The number of the group; undefined if it is not a notification of a well-known rtnetlink type.
 * @public
 */
export function notificationGroup(message: Message, protocol: number): number | undefined {
  // Parts of a dump are not notifications.
  if (protocol !== Protocol.Route || (message.flags & MessageFlags.Multi) !== 0) return undefined;
  const group = ROUTE_GROUPS[message.type];
  if (group === undefined || typeof group === 'number') return group;
  return message.payload[0] === AF_INET6 ? group.ipv6 : group.ipv4;
}
