import { addressText, linkAddressText, parseIpv4, parseIpv6, parseLinkAddress } from '../../../wire/index.js';
import { wrongValue, type DataType } from './data-type.js';

/** Returns a data type whose values are addresses in text. */
function addressType(
  name: string,
  number: number,
  bytes: number,
  words: string,
  parse: (text: string) => Uint8Array,
  print: (bytes: Uint8Array) => string,
): DataType {
  return {
    name,
    number,
    bits: bytes * 8,
    bytes,
    order: 'network',
    isFlags: false,
    hasRanges: true,
    print,
    parse(value, path) {
      try {
        const parsed = parse(value as string);
        if (parsed.length === bytes) return Buffer.from(parsed);
      } catch {
        // The error below names the property.
      }
      throw wrongValue(path, words, value);
    },
  };
}

/** Addresses: of IPv4, of IPv6, of Ethernet. @internal */
export const ADDRESS_TYPES: readonly DataType[] = [
  addressType('ipv4_addr', 7, 4, 'an IPv4 address', parseIpv4, addressText),
  addressType('ipv6_addr', 8, 16, 'an IPv6 address', parseIpv6, addressText),
  addressType('ether_addr', 9, 6, "a MAC address such as '02:00:00:00:00:01'", parseLinkAddress, linkAddressText),
];
