import { alignLength } from '../../../wire/index.js';
import { isBytes } from '../../../wire/internal.js';
import type { Scope, StructDecoder } from '../../codec/back-end.js';
import { isRecord } from '../../codec/encode-context.js';
import { eachItem } from '../../codec/encode-items.js';
import type { ValueCodec } from '../../codec/kind.js';
import { required } from '../../codec/schema-names.js';
import { checkedStructEnd } from '../../codec/struct/struct-end.js';

/** Decodes the struct of an older kernel as that kernel's tools do: members that it lacks are 0. */
function decodeShort(decode: StructDecoder, bytes: Uint8Array, size: number, scope: Scope | undefined): object {
  const whole = new Uint8Array(alignLength(size));
  whole.set(bytes);
  return decode(new Uint32Array(whole.buffer), whole, 0, size, scope);
}

/** A struct: a longer payload decodes as far as the struct is described, one below the minimum does not decode. @internal */
export const struct: ValueCodec = {
  decode(backEnd, value) {
    const struct = backEnd.names.struct(required(value, 'struct'));
    const { name, size, grows, minimum = grows === true ? 0 : size } = struct;
    const decode = backEnd.struct(name);
    const endOf = checkedStructEnd(backEnd.names, struct);
    return (words, bytes, start, end, scope) => {
      const length = end - start;
      if (length < minimum) return undefined;
      if (length < size && grows !== true) return decodeShort(decode, bytes.subarray(start, end), size, scope);
      return decode(words, bytes, start, endOf === undefined ? end : endOf(bytes, start, end), scope);
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
    const struct = backEnd.names.struct(required(value, 'struct'));
    const { name, size } = struct;
    const decode = backEnd.struct(name);
    const endOf = checkedStructEnd(backEnd.names, struct);
    return (words, bytes, start, end, scope) => {
      const list: object[] = [];
      for (let at = start; size > 0 && at + size <= end;) {
        const stop = endOf === undefined ? at + size : endOf(bytes, at, end);
        list.push(decode(words, bytes, at, stop, scope));
        at = stop;
      }
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
    const { name } = walker.names.struct(required(value, 'struct'));
    for (let at = place.start; at < place.end;) {
      const stop = walker.structEnd(name, at, place.end);
      walker.struct(name, at, stop);
      at = stop > at ? stop : place.end;
    }
  },
  accepts: Array.isArray,
};
