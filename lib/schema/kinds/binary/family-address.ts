import { ipv4Text, ipv6Text } from '../../../wire/index.js';
import { isBytes } from '../../../wire/internal.js';
import { AddressFamily } from '../../codec/address/address-family.js';
import { familyIn, familyPaths } from '../../codec/address/address-scope.js';
import { familyAhead } from '../../codec/address/family-ahead.js';
import { detach } from '../../codec/decode-primitives.js';
import { isPlain } from '../../codec/encode-context.js';
import type { ValueCodec } from '../../codec/kind.js';
import { required } from '../../codec/schema-names.js';
import { address } from './address.js';

const WIDTH = 16;
const IPV4_WIDTH = 4;

/**
 * An address of 16 bytes whose form a field beside it or around it decides: text for AF_INET (in the first 4 bytes) and AF_INET6, bytes for other families.
 *
 * @internal
 */
export const familyAddress: ValueCodec = {
  ...familyAhead((_backEnd, value) => {
    const paths = familyPaths(required(value, 'address'));
    return (_words, bytes, start, end, scope) => {
      if (end - start !== WIDTH) return undefined;
      switch (familyIn(scope, paths)) {
        case AddressFamily.Inet:
          return ipv4Text(bytes, start);
        case AddressFamily.Inet6:
          return ipv6Text(bytes, start);
        default:
          return detach(bytes, start, end);
      }
    };
  }),

  encode(encoders, value) {
    const encode = address.encode(encoders, value);
    return (context, given, scope, depth) => {
      const start = context.writer.length;
      encode(context, given, scope, depth);
      const written = context.writer.length - start;
      if (written !== WIDTH && written !== IPV4_WIDTH)
        context.fail(`expected an IPv4 or IPv6 address${isBytes(given) ? `: 4 or 16 bytes, got ${written}` : ''}`);
      context.writer.reserve(WIDTH - written);
    };
  },
  accepts: isPlain,
};
