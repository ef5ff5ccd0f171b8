import { alignLength } from '../../../wire/index.js';
import { isBytes } from '../../../wire/internal.js';
import type { StructDecoder } from '../../codec/back-end.js';
import { isRecord } from '../../codec/encode-context.js';
import { eachItem } from '../../codec/encode-items.js';
import type { ValueCodec } from '../../codec/kind.js';
import { required } from '../../codec/schema-names.js';

/** Decodes the struct of an older kernel as that kernel's tools do: members that it lacks are 0. */
function decodeShort(decode: StructDecoder, bytes: Uint8Array, size: number): object {
  const whole = new Uint8Array(alignLength(size));
  whole.set(bytes);
  return decode(new Uint32Array(whole.buffer), whole, 0, size);
}

/** A struct: a longer payload decodes as far as the struct is described, one below the minimum does not decode. @internal */
export const struct: ValueCodec = {
  decode(backEnd, value) {
    const { name, size, minimum = size } = backEnd.names.struct(required(value, 'struct'));
    const decode = backEnd.struct(name);
    return (words, bytes, start, end) => {
      if (end - start >= size) return decode(words, bytes, start, end);
      return end - start < minimum ? undefined : decodeShort(decode, bytes.subarray(start, end), size);
    };
  },

  encode: (encoders, value) => encoders.struct(encoders.names.struct(required(value, 'struct'))),

  walk(walker, value, place) {
    walker.struct(required(value, 'struct'), place.start, place.end);
  },
  accepts: (given) => isRecord(given) || isBytes(given),
};

/** An array of structs: as many as fit. @internal */
export const structList: ValueCodec = {
  decode(backEnd, value) {
    const { name, size } = backEnd.names.struct(required(value, 'struct'));
    const decode = backEnd.struct(name);
    return (words, bytes, start, end) => {
      const list: object[] = [];
      for (let at = start; at + size <= end; at += size) list.push(decode(words, bytes, at, at + size));
      return list;
    };
  },

  encode(encoders, value) {
    const encode = encoders.struct(encoders.names.struct(required(value, 'struct')));
    return (context, given, scope, depth) => {
      eachItem(context, given, (item) => {
        encode(context, item, scope, depth);
      });
    };
  },

  walk(walker, value, place) {
    const { name, size } = walker.names.struct(required(value, 'struct'));
    for (let at = place.start; at < place.end; at += size) walker.struct(name, at, Math.min(at + size, place.end));
  },
  accepts: Array.isArray,
};
