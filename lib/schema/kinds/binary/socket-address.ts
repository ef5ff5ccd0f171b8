import { hostIsLittleEndian, ipv4Text, ipv6Text, parseIpv4, parseIpv6 } from '../../../wire/index.js';
import { AddressFamily } from '../../codec/address/address-family.js';
import { halfAt, wordAt } from '../../codec/decode-primitives.js';
import { parsedEncoder } from '../../codec/encode-bytes.js';
import { isPlain } from '../../codec/encode-context.js';
import type { ValueCodec } from '../../codec/kind.js';

/** A `sockaddr_in` or `sockaddr_in6`: `'192.0.2.1:51820'`, `'[2001:db8::1]:51820'`, or its bytes. @internal */
export const socketAddress: ValueCodec = {
  decode: () => (_words, bytes, start, end) => read(bytes, start, end),
  encode: (_encoders, { checks }) => parsedEncoder('an address with a port', checks, parse),
  accepts: isPlain,
};

function read(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length !== 16 && length !== 28) return undefined;
  const port = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  const family = halfAt(bytes, start);
  if (length === 16) return family === AddressFamily.Inet ? `${ipv4Text(bytes, start + 4)}:${port}` : undefined;
  if (family !== AddressFamily.Inet6) return undefined;
  const zone = wordAt(bytes, start + 24);
  return `[${ipv6Text(bytes, start + 8)}${zone === 0 ? '' : `%${zone}`}]:${port}`;
}

function parse(text: string): Uint8Array | undefined {
  const match = /^(?:\[(?<inner>[^\]%]+)(?:%(?<zone>\d{1,10}))?\]|(?<outer>[^:]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  if (match === undefined || Number(match['port']) > 0xffff || Number(match['zone'] ?? 0) > 0xffff_ffff) return undefined;
  const { inner, outer = '', zone = '0', port } = match;
  const bytes = new Uint8Array(inner === undefined ? 16 : 28);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, inner === undefined ? AddressFamily.Inet : AddressFamily.Inet6, hostIsLittleEndian);
  view.setUint16(2, Number(port));
  if (inner === undefined) bytes.set(parseIpv4(outer), 4);
  else {
    bytes.set(parseIpv6(inner), 8);
    view.setUint32(24, Number(zone), hostIsLittleEndian);
  }
  return bytes;
}
