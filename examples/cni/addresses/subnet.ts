import { isIPv4 } from 'node:net';

/** An IPv4 subnet: `network` is its first address as a number. */
export interface Subnet {
  readonly network: number;
  readonly prefix: number;
}

/** Returns an IPv4 address as a number; undefined if the text is not one. */
export function parseAddress(text: string): number | undefined {
  if (!isIPv4(text)) return undefined;
  return text.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

/** Returns the text of an IPv4 address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** Returns a subnet in CIDR notation; undefined if the text is not one, or if it has bits behind the prefix. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const network = parseAddress(address);
  const prefix = Number(length);
  if (network === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length) || prefix > 32) return undefined;
  return network % size(prefix) === 0 ? { network, prefix } : undefined;
}

/** Returns the last address of a subnet: the broadcast address. */
export function lastAddress({ network, prefix }: Subnet): number {
  return network + size(prefix) - 1;
}

/** Returns true if an address can be that of a host in a subnet: not the network itself, and not the broadcast address. */
export function isHost(subnet: Subnet, address: number): boolean {
  return address > subnet.network && address < lastAddress(subnet);
}

const size = (prefix: number) => 2 ** (32 - prefix);
