import { alignLength, hostIsLittleEndian } from '../../wire/index.js';
import { lazy } from '../codec/back-end.js';
import { DecodeFault } from '../codec/decode-fault.js';
import { halfAt, wordAt } from '../codec/decode-primitives.js';
import { eachItem } from '../codec/encode-items.js';
import type { Kind } from '../codec/kind.js';
import { required, type SchemaNames, type StructLayout } from '../codec/schema-names.js';
import type { ValueFields } from '../codec/value-fields.js';

/**
 * Records one after the other, each a struct whose member `lengthMember` counts the whole record, then attributes of `set`.
 *
 * The next record starts at the following multiple of 4 (multipath routes). The value is an array of objects: the struct's members without that length,
 * then the attributes.
 *
 * @internal
 */
export const records: Kind = {
  fields: ['struct', 'length-member', 'set'],
  policyTypes: [],

  typeText({ struct, set, lengthMember }, texts, direction) {
    const length = texts.member(struct!, lengthMember!);
    return texts.array(`Omit<${texts.struct(struct!, direction)}, ${length}> & ${texts.set(set!, direction)}`);
  },

  decode(backEnd, value) {
    const { struct, member } = layoutOf(backEnd.names, value);
    const readLength = member.size === 2 ? halfAt : wordAt;
    const decode = lazy(() => backEnd.body({ header: struct.name, set: value.set, hidden: member.name }));
    return (words, bytes, start, end, scope, depth) => {
      const list: object[] = [];
      for (let at = start; at < end;) {
        const left = end - at;
        if (left < struct.size) throw new DecodeFault(`record: expected at least ${struct.size} bytes, got ${left}`, at);
        const length = readLength(bytes, at + member.offset);
        if (length < struct.size || length > left)
          throw new DecodeFault(`record: expected a length from ${struct.size} to ${left}, got ${length}`, at);
        list.push(decode()(words, bytes, at, at + length, scope, depth)!);
        at += alignLength(length);
      }
      return list;
    };
  },

  encode(encoders, value) {
    const { struct, member } = layoutOf(encoders.names, value);
    const encode = encoders.body({ header: struct.name, set: value.set, hidden: member.name });
    return (context, given, scope, depth) => {
      const { writer } = context;
      eachItem(context, given, (item) => {
        const start = writer.length;
        encode(context, item, scope, depth);
        const length = writer.length - start;
        if (length > 0xffff) context.fail(`expected at most 65535 bytes for a record, got ${length}`);
        if (member.size === 2) writer.view.setUint16(start + member.offset, length, hostIsLittleEndian);
        else writer.view.setUint32(start + member.offset, length, hostIsLittleEndian);
      });
    };
  },

  walk(walker, value, place, scope) {
    const { struct, member } = layoutOf(walker.names, value);
    const { bytes } = walker;
    let number = 0;
    for (let at = place.start; place.end - at >= struct.size; number++) {
      const length = (member.size === 2 ? halfAt : wordAt)(bytes, at + member.offset);
      const path = `${place.path}[${number}]`;
      const end = length < struct.size || length > place.end - at ? place.end : at + length;
      walker.struct(struct.name, at, end);
      walker.set(value.set, { start: at + alignLength(struct.size), end, path, depth: place.depth }, scope);
      at = alignLength(end);
    }
  },
  accepts: Array.isArray,
};

interface RecordLayout {
  readonly struct: StructLayout;
  /** The member that holds the length of the record. */
  readonly member: StructLayout['members'][number];
}

function layoutOf(names: SchemaNames, value: ValueFields): RecordLayout {
  const struct = names.struct(required(value, 'struct'));
  const lengthMember = required(value, 'lengthMember');
  const member = struct.members.find(({ name }) => name === lengthMember);
  if (member === undefined) throw new TypeError(`schema: struct ${struct.name} has no member '${lengthMember}'`);
  return { struct, member };
}
