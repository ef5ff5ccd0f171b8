import { IfinfoFlags, type GetlinkReply } from '../../families/rt-link.js';
import type { GetaddrReply } from '../../families/rt-addr.js';
import { AddressFamily } from '../../schema/index.js';
import { addressText } from '../../wire/index.js';

/** One address of an interface, as `os.networkInterfaces()` of Node.js has it. @public */
export type NetworkInterfaceAddress =
  | (InterfaceAddress & { readonly family: 'IPv4'; readonly scopeid?: never })
  | (InterfaceAddress & {
      readonly family: 'IPv6';
      /** The index of the link of a link-local address; 0 for others. */
      readonly scopeid: number;
    });

/** The properties that addresses of both families have. @public */
export interface InterfaceAddress {
  /** The address. */
  readonly address: string;
  /** The network mask. */
  readonly netmask: string;
  /** The MAC address; zeroes if the interface has none. */
  readonly mac: string;
  /** True for the loopback interface. */
  readonly internal: boolean;
  /** The address with the length of the prefix; never `null` here. */
  readonly cidr: string | null;
}

/** The addresses of each interface, by its name, as `os.networkInterfaces()` of Node.js returns them. @public */
export type NetworkInterfaces = Readonly<Record<string, NetworkInterfaceAddress[] | undefined>>;

/** The properties of links that interfaces need. @internal */
export type LinkRow = Pick<GetlinkReply, 'ifiIndex' | 'ifiFlags' | 'ifname' | 'address'>;

/** The properties of addresses that interfaces need. @internal */
export type AddressRow = Pick<GetaddrReply, 'ifaFamily' | 'ifaPrefixlen' | 'ifaIndex' | 'address' | 'local' | 'label'>;

/** IFF_RUNNING: the link has a carrier. */
const RUNNING = 0x40;
const NO_MAC = '00:00:00:00:00:00';

/**
 * Translates links and addresses in the kernel's order. Interfaces without an address, and those that are not up with a carrier,
 * are absent, as in Node.js. The name of an IPv4 address is its label.
 *
 * @internal
 */
export function interfacesOf(links: readonly LinkRow[], addresses: readonly AddressRow[]): NetworkInterfaces {
  const running = links.filter(({ ifiFlags }) => (ifiFlags & IfinfoFlags.Up) !== 0 && (ifiFlags & RUNNING) !== 0);
  const byIndex = new Map(running.map((link) => [link.ifiIndex, link]));
  const macs = new Map(running.map(({ ifname, address }) => [ifname, macOf(address)]));
  const interfaces: Record<string, NetworkInterfaceAddress[]> = {};
  for (const row of addresses) {
    const link = byIndex.get(row.ifaIndex);
    const address = row.local ?? row.address;
    if (link?.ifname === undefined || address === undefined) continue;
    const name = (row.ifaFamily === AddressFamily.Inet ? row.label : undefined) ?? link.ifname;
    // The label `eth0:1` belongs to the link `eth0`.
    const mac = macs.get(name) ?? macs.get(name.split(':')[0]) ?? NO_MAC;
    (interfaces[name] ??= []).push(entryOf(row, dotted(address), mac, (link.ifiFlags & IfinfoFlags.Loopback) !== 0));
  }
  return interfaces;
}

function entryOf(
  { ifaFamily, ifaPrefixlen, ifaIndex }: AddressRow,
  address: string,
  mac: string,
  internal: boolean,
): NetworkInterfaceAddress {
  const isSix = ifaFamily === AddressFamily.Inet6;
  const common = { address, netmask: maskOf(ifaPrefixlen, isSix ? 16 : 4) };
  const more = { mac, internal, cidr: `${address}/${ifaPrefixlen}` };
  if (!isSix) return { ...common, family: 'IPv4', ...more };
  return { ...common, family: 'IPv6', ...more, scopeid: /^fe[89ab]/.test(address) ? ifaIndex : 0 };
}

function maskOf(length: number, bytes: number): string {
  const mask = Uint8Array.from({ length: bytes }, (_, at) => (0xff00 >> Math.min(8, Math.max(0, length - 8 * at))) & 0xff);
  return addressText(mask);
}

/** Returns the first six bytes, also of another address of the link layer, such as that of a tunnel. */
function macOf(address: string | undefined): string {
  if (address === undefined) return NO_MAC;
  const bytes = address.includes('.') ? address.split('.').map((part) => Number(part).toString(16).padStart(2, '0')) : address.split(':');
  return [...bytes, ...NO_MAC.split(':')].slice(0, 6).join(':');
}

/** Returns an IPv6 address that contains an IPv4 address (RFC 4291, 2.5.5.1) as Node.js prints it: `::1.2.3.4`. */
function dotted(address: string): string {
  const [, high, low] = /^::([0-9a-f]+):([0-9a-f]+)$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const word = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return `::${[24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff).join('.')}`;
}
