import { hostIsLittleEndian } from '../../wire/index.js';
import { signed64, unsigned64, wordAt } from '../codec/decode-primitives.js';
import { isPlain } from '../codec/encode-context.js';
import { enumNamesOf } from '../codec/integer/integer-shape.js';
import { checkLimits, longValue } from '../codec/integer/integer-writer.js';
import type { Kind } from '../codec/kind.js';
import { numberTypeText } from './integer.js';

/** Makes the kind of an integer of 4 or 8 bytes: the payload's length selects the width. The value is always a `bigint`. @internal */
export function sizedIntegerKind(type: 'uint' | 'sint'): Kind {
  const signed = type === 'sint';
  const join = signed ? signed64 : unsigned64;

  const read = (bytes: Uint8Array, start: number, end: number): bigint | undefined => {
    if (end - start === 8) return join(wordAt(bytes, start), wordAt(bytes, start + 4));
    if (end - start !== 4) return undefined;
    return BigInt(signed ? wordAt(bytes, start) | 0 : wordAt(bytes, start));
  };

  return {
    fields: ['scalar'],
    policyTypes: [type],
    typeText: (value, texts) => numberTypeText(value, true, (name) => texts.enum(name)),

    decode({ names }, value) {
      const enumNames = enumNamesOf(names, value);
      if (enumNames === undefined) return (_words, bytes, start, end) => read(bytes, start, end);
      return (_words, bytes, start, end) => {
        const number = read(bytes, start, end);
        return number === undefined ? undefined : enumNames.show(number);
      };
    },

    source({ text, backEnd }, value) {
      const enumNames = enumNamesOf(backEnd.names, value);
      const long = text.constant(join);
      const short = `BigInt(words[q + 1]${signed ? ' | 0' : ''})`;
      const local = text.local();
      text.line(`let ${local};`);
      const number = `length === 12 ? ${long}(words[q + 1], words[q + 2]) : length === 8 ? ${short} : undefined`;
      if (enumNames === undefined) return { value: number };
      return { value: `(${local} = ${number}) === undefined ? undefined : ${text.constant(enumNames)}.show(${local})` };
    },

    encode({ names }, value) {
      const enumNames = enumNamesOf(names, value);
      const { checks } = value;
      const bits = signed ? 63n : 64n;
      const shortBits = signed ? 31n : 32n;
      return (context, given) => {
        const number = longValue(context, given, enumNames, signed ? -(2n ** bits) : 0n, 2n ** bits - 1n);
        checkLimits(context, number, checks);
        const { writer } = context;
        if (number < 2n ** shortBits && number >= -(2n ** shortBits)) {
          const at = writer.append(4);
          writer.view.setUint32(at, Number(BigInt.asUintN(32, number)), hostIsLittleEndian);
        } else {
          const at = writer.append(8);
          writer.view.setBigUint64(at, BigInt.asUintN(64, number), hostIsLittleEndian);
        }
      };
    },
    accepts: isPlain,
  };
}
