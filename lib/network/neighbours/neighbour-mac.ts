import { addressText, linkAddressText, parseIp, parseLinkAddress } from '../../wire/index.js';
import { FieldError } from '../common/field-error.js';
import { shown, type Check } from '../fields/check.js';

/** ETH_ALEN. */
const ETHERNET = 6;

/** The lengths of addresses of links: IPv4 and IPv6 tunnels, Ethernet, 6LoWPAN and InfiniBand. */
const LENGTHS: readonly number[] = [4, ETHERNET, 8, 16, 20];

/** The kinds whose links have MAC addresses. */
const ETHERNET_KINDS: ReadonlySet<unknown> = new Set([
  ...['bond', 'bridge', 'dummy', 'geneve', 'gretap', 'ifb', 'ip6gretap', 'ipvlan'],
  ...['macvlan', 'macvtap', 'team', 'veth', 'vlan', 'vxlan'],
]);

/** Accepts an address of a length that links have, an IP address for a tunnel; returns it as readers do. @internal */
export const neighbourMac: Check<string> = (value, path) => {
  try {
    const bytes = macBytes(value as string);
    if (LENGTHS.includes(bytes.length)) return isInternet(bytes.length) ? addressText(bytes) : linkAddressText(bytes);
  } catch {
    // The error below names the property.
  }
  throw unlike(path, value);
};

/** Returns the number of bytes of the addresses of a link by its kind; undefined if the kind does not state it. @internal */
export function lengthOfKind(kind: unknown): number | undefined {
  return ETHERNET_KINDS.has(kind) ? ETHERNET : undefined;
}

/**
 * Checks the length of an address, which is that of the addresses of its link. The kernel rejects a shorter one, and
 * cuts a longer one.
 *
 * @param length - The number of bytes of the addresses of the link; undefined if it is not known.
 * @throws FieldError
 * @internal
 */
export function requireLength(path: string, mac: string, length: number | undefined, link: string): void {
  if (length === undefined || macBytes(mac).length === length) return;
  if (length === ETHERNET) throw unlike(path, mac);
  throw new FieldError(path, `expected ${length} bytes, as the address of link ${link} has, not ${shown(linkAddressText(macBytes(mac)))}`);
}

/** Returns the bytes of an address: pairs of hex digits, or an IP address. @throws EncodeError @internal */
export function macBytes(text: string): Uint8Array {
  return /[.]|::|[0-9a-f]{3}/i.test(text) ? parseIp(text) : parseLinkAddress(text);
}

function isInternet(length: number): boolean {
  return length === 4 || length === 16;
}

function unlike(path: string, value: unknown): FieldError {
  return new FieldError(path, `expected a MAC address such as '02:00:00:00:00:01', not ${shown(value)}`);
}
