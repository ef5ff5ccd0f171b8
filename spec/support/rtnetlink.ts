import {
  AttributeEncoder,
  AttributeReader,
  MessageFlags,
  hostIsLittleEndian,
  parseIp,
  type Message,
  type MessageInit,
} from '../../lib/wire/index.js';

/*
 * rtnetlink messages from uapi/linux/rtnetlink.h, if_link.h and if_addr.h, for specs of rooms below the typed families.
 */
export const RTM = { NEWLINK: 16, DELLINK: 17, GETLINK: 18, NEWADDR: 20, NEWROUTE: 24, DELROUTE: 25, GETROUTE: 26 } as const;
export const RTNLGRP = { LINK: 1, IPV4_IFADDR: 5, IPV4_ROUTE: 7 } as const;

const CREATE = MessageFlags.Create | MessageFlags.Exclusive;

/** Returns a `struct ifinfomsg`. */
export function linkHeader(index = 0, flags = 0, change = 0): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setInt32(4, index, hostIsLittleEndian);
  view.setUint32(8, flags, hostIsLittleEndian);
  view.setUint32(12, change, hostIsLittleEndian);
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

export const dumpLinks: MessageInit = { type: RTM.GETLINK, flags: MessageFlags.Dump, payload: linkHeader() };

export function getLink(index: number): MessageInit {
  return { type: RTM.GETLINK, payload: linkHeader(index) };
}

/** Returns a NEWLINK with IFLA_IFNAME 3, IFLA_LINKINFO 18 and IFLA_INFO_KIND 1. */
export function newLink(name: string, kind: string, flags: number = CREATE): MessageInit {
  const attributes = new AttributeEncoder().string(3, name).nest(18, (info) => info.string(1, kind));
  return { type: RTM.NEWLINK, flags, payload: join(linkHeader(), attributes.encode()) };
}

export function deleteLink(index: number): MessageInit {
  return { type: RTM.DELLINK, payload: linkHeader(index) };
}

/** Returns a message that sets or clears IFF_UP. */
export function setUp(index: number, up: boolean): MessageInit {
  return { type: RTM.NEWLINK, payload: linkHeader(index, up ? 1 : 0, 1) };
}

/** Reads IFLA_IFNAME of a link message. */
export function linkName(message: Message): string | undefined {
  return new AttributeReader(message.payload, { start: 16 }).find(3)?.string();
}

export function linkIndex(message: Message): number {
  const { payload } = message;
  return new DataView(payload.buffer, payload.byteOffset).getInt32(4, hostIsLittleEndian);
}

/** Returns a unicast route: `struct rtmsg` (RTPROT_STATIC 4, scope link 253), RTA_DST 1, RTA_OIF 4 and RTA_TABLE 15. */
export function newRoute(
  destination: string,
  oif: number,
  { table = 254, flags = CREATE, type = RTM.NEWROUTE }: { table?: number; flags?: number; type?: number } = {},
): MessageInit {
  const address = parseIp(destination);
  const header = Uint8Array.of(address.length === 4 ? 2 : 10, address.length * 8, 0, 0, Math.min(table, 252), 4, 253, 1, 0, 0, 0, 0);
  const attributes = new AttributeEncoder().bytes(1, address).uint32(4, oif).uint32(15, table);
  return { type, flags, payload: join(header, attributes.encode()) };
}
