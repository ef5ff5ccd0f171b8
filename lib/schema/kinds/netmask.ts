import { ipv4Text } from '../../wire/index.js';
import { AddressFamily } from '../codec/address/address-family.js';
import { familyIn, familyPaths } from '../codec/address/address-scope.js';
import { bindFamilyOf } from '../codec/address/bind-address.js';
import { familyAhead } from '../codec/address/family-ahead.js';
import { wordAt } from '../codec/decode-primitives.js';
import { isPlain, show } from '../codec/encode-context.js';
import type { ValueCodec } from '../codec/kind.js';
import { required } from '../codec/schema-names.js';
import { hostIsLittleEndian } from '../../wire/index.js';
import { address } from './binary/address.js';

const MOST_BITS = 128;

/**
 * Four bytes that the kernel reads in two ways: the mask of an IPv4 address in network order, as text, or the prefix length of an IPv6 address in the
 * order of the host, a number. A field beside it or around it has the family.
 *
 * @internal
 */
export const netmask: ValueCodec = {
  ...familyAhead((_backEnd, value) => {
    const paths = familyPaths(required(value, 'address'));
    return (_words, bytes, start, end, scope) => {
      if (end - start !== 4) return undefined;
      return familyIn(scope, paths) === AddressFamily.Inet ? ipv4Text(bytes, start) : wordAt(bytes, start);
    };
  }),

  encode(encoders, value) {
    const rules = required(value, 'address');
    const encodeMask = address.encode(encoders, { ...value, hint: 'ipv4' });
    return (context, given, scope, depth) => {
      if (typeof given !== 'number') return encodeMask(context, given, scope, depth);
      if (context.request !== undefined) {
        if (!Number.isInteger(given) || given < 1 || given > MOST_BITS)
          context.fail(`${show(given)} is not a prefix length from 1 to ${MOST_BITS}; an IPv4 mask is text`);
        bindFamilyOf(context, scope, rules, () => `${given} is a prefix length of IPv6`, 16);
      }
      const at = context.writer.append(4);
      context.writer.view.setUint32(at, given, hostIsLittleEndian);
    };
  },
  accepts: isPlain,
};
