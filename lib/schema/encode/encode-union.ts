import { suggestion } from '../../check/index.js';
import { isBytes, kindOf } from '../../wire/internal.js';
import { type Encoders, type ValueEncoder } from '../codec/encode-context.js';
import type { FormatLayout } from '../codec/schema-names.js';
import type { MemberSchema, StructSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { ownValue } from './encode-mask.js';

/** Makes the encoder of a union: another member of the struct, 0 if it is omitted, selects the format. Bytes are written as they are. @internal */
export function unionEncoder(
  encoders: Encoders,
  index: SchemaIndex,
  { name, members }: StructSchema,
  { selector, subMessage }: MemberSchema,
): ValueEncoder {
  const chooser = members.find((member) => member.name === selector?.name);
  if (chooser === undefined) throw new TypeError(`schema: struct ${name} has no member '${String(selector?.name)}'`);
  const names = chooser.enum === undefined ? undefined : index.enumNames(chooser.enum);
  const none = chooser.type === 'string' ? '' : 0;
  const formats = new Map(index.subMessage(subMessage!).formats.map((format) => [format.value, formatEncoder(encoders, format)]));
  return (context, value, scope, depth) => {
    if (isBytes(value)) {
      context.writer.write(value);
      return;
    }
    const given = scope === undefined ? none : (ownValue(scope.value, chooser.property) ?? none);
    const named = typeof given === 'number' || typeof given === 'bigint' ? (names?.show(given) ?? given) : given;
    const selected = typeof named === 'string' ? named : Number(named).toString();
    const encode = formats.get(selected);
    if (encode !== undefined) encode(context, value, scope, depth);
    else {
      const reason = suggestion(selected, formats.keys(), ': ');
      context.fail(`${kindOf(value)} has no format for ${chooser.property} '${selected}'${reason}; pass its bytes`);
    }
  };
}

function formatEncoder(encoders: Encoders, { fixedHeader, content }: FormatLayout): ValueEncoder {
  if (content !== undefined) return encoders.value(content);
  return fixedHeader === undefined ? () => undefined : encoders.value({ type: 'binary', struct: fixedHeader });
}
