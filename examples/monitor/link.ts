import { AttributeReader, addressText, hostIsLittleEndian, linkAddressText, type Message } from 'rxnetlink';
import { headerView } from './rtnetlink.js';

/** A network interface. */
export interface Link {
  readonly index: number;
  readonly name: string;
  readonly mtu: number;
  /** Names of the flags, in the order of `ip`. */
  readonly flags: readonly string[];
  /** Link-layer address; absent if the interface has none, like a tunnel without link layer. */
  readonly address?: string;
  /** Index of the interface below this one, if it is in the same namespace. */
  readonly lower?: number;
}

const IFINFOMSG_SIZE = 16;
const Ifla = { Address: 1, Name: 3, Mtu: 4, Link: 5, LinkNetnsId: 37 } as const;

const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;

// In the order of `ip`, which differs from the order of the bits (linux/if.h).
const FLAGS: readonly (readonly [number, string])[] = [
  [0x8, 'LOOPBACK'],
  [0x2, 'BROADCAST'],
  [0x10, 'POINTOPOINT'],
  [0x1000, 'MULTICAST'],
  [0x80, 'NOARP'],
  [0x200, 'ALLMULTI'],
  [0x100, 'PROMISC'],
  [0x400, 'MASTER'],
  [0x800, 'SLAVE'],
  [0x4, 'DEBUG'],
  [0x8000, 'DYNAMIC'],
  [0x4000, 'AUTOMEDIA'],
  [0x2000, 'PORTSEL'],
  [0x20, 'NOTRAILERS'],
  [IFF_UP, 'UP'],
  [0x10000, 'LOWER_UP'],
  [0x20000, 'DORMANT'],
  [0x40000, 'ECHO'],
];

// Tunnels whose link-layer address is an IP address (ARPHRD_TUNNEL, SIT, IPGRE; TUNNEL6, IP6GRE).
const IPV4_TUNNELS: readonly number[] = [768, 776, 778];
const IPV6_TUNNELS: readonly number[] = [769, 823];

/**
 * Reads a NEWLINK or DELLINK.
 *
 * @returns The link; undefined for messages of a bridge about its ports, which share types and group with links.
 */
export function decodeLink(message: Message): Link | undefined {
  const { payload } = message;
  const header = headerView(payload, IFINFOMSG_SIZE);
  if (header.getUint8(0) !== 0) return undefined;
  const deviceType = header.getUint16(2, hostIsLittleEndian);
  let name = '';
  let mtu = 0;
  let address: string | undefined;
  let lower = 0;
  let foreign = false;
  for (const attribute of new AttributeReader(payload, { start: IFINFOMSG_SIZE })) {
    if (attribute.type === Ifla.Name) name = attribute.string();
    else if (attribute.type === Ifla.Mtu) mtu = attribute.uint32();
    else if (attribute.type === Ifla.Address) address = linkLayerText(deviceType, attribute.payload);
    else if (attribute.type === Ifla.Link) lower = attribute.uint32();
    else if (attribute.type === Ifla.LinkNetnsId) foreign = true;
  }
  return {
    index: header.getInt32(4, hostIsLittleEndian),
    name,
    mtu,
    flags: flagNames(header.getUint32(8, hostIsLittleEndian)),
    ...(address === undefined ? {} : { address }),
    ...(lower === 0 || foreign ? {} : { lower }),
  };
}

/** Adds the flag M-DOWN if the link below is down. The kernel does not report that. */
export function markLowerDown(link: Link, lower: Link | undefined): Link {
  return lower === undefined || lower.flags.includes('UP') ? link : { ...link, flags: [...link.flags, 'M-DOWN'] };
}

function flagNames(flags: number): string[] {
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return (flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) === 0 ? ['NO-CARRIER', ...names] : names;
}

function linkLayerText(deviceType: number, bytes: Uint8Array): string {
  const isAddress = (bytes.length === 4 && IPV4_TUNNELS.includes(deviceType)) || (bytes.length === 16 && IPV6_TUNNELS.includes(deviceType));
  return isAddress ? addressText(bytes) : linkAddressText(bytes);
}
