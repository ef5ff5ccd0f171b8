import { GENERIC_HEADER_SIZE } from './generic-header.js';
import { MessageType } from './message-type.js';
import { Protocol } from './protocol.js';

// Sizes of the structs in front of rtnetlink's attributes, padded, by blocks of four types: NEW, DEL, GET, SET. From
// uapi/linux/rtnetlink.h (RTM_*, the structs) and the headers that it names: if_addr, neighbour, fib_rules, netconf, nexthop,
// if_bridge, dcbnl, if_link.
// prettier-ignore
const ROUTE_SIZES: readonly number[] = [
  16, 8, 12, 12, // links (16), addresses (20), routes (24), neighbours (28)
  12, 20, 20, 20, // rules (32), qdiscs (36), classes (40), filters (44)
  4, 12, 8, 8, // actions (48), prefixes (52), multicast (56) and anycast addresses (60)
  4, 16, 12, 4, // neighbour tables (64), ND options (68), address labels (72), DCB (76)
  4, 8, 4, 12, // netconf (80), multicast database (84), namespace ids (88), statistics (92)
  4, 20, 8, 16, // cache reports (96), chains (100), nexthops (104), link properties (108)
  8, 8, 8, // VLANs (112), nexthop buckets (116), tunnels (120)
];

/**
 * Returns the size of the struct between a message's header and its attributes, for traces.
 *
 * A generic family may have a header of its own after the generic one; only its schema contains that.
 *
 * @param protocol - The protocol of the socket, a {@link Protocol}.
 * @param type - `nlmsg_type`.
 * @returns The size in bytes, including padding; undefined for control messages and for unknown types.
 * @public
 */
export function fixedHeaderSize(protocol: number, type: number): number | undefined {
  if (type < MessageType.Minimum) return undefined;
  switch (protocol) {
    case Protocol.Route:
      return ROUTE_SIZES[(type - MessageType.Minimum) >> 2];
    case Protocol.Generic:
      return GENERIC_HEADER_SIZE;
    case Protocol.Netfilter:
      return 4; // struct nfgenmsg
    default:
      return undefined;
  }
}
