import type { BackEnd, ValueDecoder } from '../codec/back-end.js';
import { detach } from '../codec/decode-primitives.js';
import { integerShape } from '../codec/integer/integer-shape.js';
import type { FormatLayout } from '../codec/schema-names.js';
import type { MemberSchema, StructSchema } from '../descriptor/descriptor.js';
import { findCodec } from '../kinds/table.js';

const NO_WORDS = new Uint32Array(0);

/** Makes the decoder of a member of a struct. @internal */
export function memberDecoder(backEnd: BackEnd, struct: StructSchema, member: MemberSchema): ValueDecoder {
  return member.subMessage === undefined ? findCodec(member).decode(backEnd, member) : unionDecoder(backEnd, struct, member);
}

/** Makes the decoder of a union: another member of the struct selects its format. Without a format it is bytes. */
function unionDecoder(backEnd: BackEnd, { name, members }: StructSchema, { offset, selector, subMessage }: MemberSchema): ValueDecoder {
  const chooser = members.find((member) => member.name === selector?.name);
  if (chooser?.size === undefined) throw new TypeError(`schema: struct ${name} has no member '${String(selector?.name)}'`);
  const read = findCodec(chooser).decode(backEnd, chooser);
  const distance = chooser.offset - offset;
  const { size } = chooser;
  const formats = new Map(backEnd.names.subMessage(subMessage!).formats.map((format) => [format.value, formatDecoder(backEnd, format)]));
  return (words, bytes, start, end, scope, depth) => {
    const at = start + distance;
    const selected = read(NO_WORDS, bytes, at, at + size, undefined, 0);
    return formats.get(String(selected))?.(words, bytes, start, end, scope, depth) ?? detach(bytes, start, end);
  };
}

/** Makes the decoder of one format, which may be smaller than the union. */
function formatDecoder(backEnd: BackEnd, { fixedHeader, content }: FormatLayout): ValueDecoder {
  if (fixedHeader === undefined && content === undefined) return () => ({});
  const value = content ?? { type: 'binary', struct: fixedHeader! };
  const decode = findCodec(value).decode(backEnd, value);
  const width = integerShape(backEnd.names, value)?.width;
  if (width === undefined) return decode;
  return (words, bytes, start, end, scope, depth) =>
    start + width <= end ? decode(words, bytes, start, start + width, scope, depth) : undefined;
}
