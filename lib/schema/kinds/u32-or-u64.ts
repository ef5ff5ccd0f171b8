import { hostIsLittleEndian } from '../../wire/index.js';
import { unsigned64, wordAt } from '../codec/decode-primitives.js';
import { isPlain, show } from '../codec/encode-context.js';
import { checkLimits, longValue } from '../codec/integer/integer-writer.js';
import type { Kind } from '../codec/kind.js';

const MOST_SHORT = 0xffff_ffff;
const MOST_WIDE = 2n ** 64n - 1n;

/** An integer whose width has a meaning: a `number` has 4 bytes and a `bigint` has 8, in both directions. @internal */
export const u32OrU64: Kind = {
  fields: ['checks'],
  policyTypes: ['u32', 'u64'],
  typeText: () => 'number | bigint',
  decode: () => (_words, bytes, start, end) => {
    if (end - start === 4) return wordAt(bytes, start);
    return end - start === 8 ? unsigned64(wordAt(bytes, start), wordAt(bytes, start + 4)) : undefined;
  },
  encode(_encoders, { checks }) {
    return (context, given) => {
      const { writer } = context;
      if (typeof given === 'bigint') {
        const value = longValue(context, given, undefined, 0n, MOST_WIDE);
        checkLimits(context, value, checks);
        const at = writer.append(8);
        writer.view.setBigUint64(at, value, hostIsLittleEndian);
        return;
      }
      if (typeof given !== 'number' || !Number.isInteger(given) || given < 0 || given > MOST_SHORT)
        return context.fail(`${show(given)} is not an integer from 0 to ${MOST_SHORT}, or a bigint from 0 to ${MOST_WIDE}`);
      checkLimits(context, given, checks);
      const at = writer.append(4);
      writer.view.setUint32(at, given, hostIsLittleEndian);
    };
  },
  accepts: isPlain,
};
