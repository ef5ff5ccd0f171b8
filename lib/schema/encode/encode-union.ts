import { suggestion } from '../../check/index.js';
import { isBytes, kindOf } from '../../wire/internal.js';
import { isRecord, type Encoders, type ValueEncoder } from '../codec/encode-context.js';
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
    const own = scope === undefined ? undefined : ownValue(scope.value, chooser.property);
    const given = own ?? none;
    const named = typeof given === 'number' || typeof given === 'bigint' ? (names?.show(given) ?? given) : given;
    const selected = typeof named === 'string' ? named : Number(named).toString();
    const encode = formats.get(selected);
    if (own === undefined && isRecord(value)) {
      const fitting = formatWith(index, subMessage!, Object.keys(value));
      if (fitting !== undefined && fitting !== selected)
        context.fail(`${Object.keys(value).join(', ')}: set ${chooser.property} to '${fitting}', which has this`);
    }
    if (encode !== undefined) encode(context, value, scope, depth);
    else {
      const reason = suggestion(selected, formats.keys(), ': ');
      context.fail(`${kindOf(value)} has no format for ${chooser.property} '${selected}'${reason}; pass its bytes`);
    }
  };
}

/** Returns the value that selects the only format whose struct has all of the properties. */
function formatWith(index: SchemaIndex, subMessage: string, properties: readonly string[]): string | undefined {
  const fitting = index.subMessage(subMessage).formats.filter(({ fixedHeader }) => {
    const members = fixedHeader === undefined ? [] : index.struct(fixedHeader).members.map(({ property }) => property);
    return properties.length > 0 && properties.every((property) => members.includes(property));
  });
  return fitting.length === 1 ? fitting[0]!.value : undefined;
}

function formatEncoder(encoders: Encoders, { fixedHeader, content }: FormatLayout): ValueEncoder {
  if (content !== undefined) return encoders.value(content);
  return fixedHeader === undefined ? () => undefined : encoders.value({ type: 'binary', struct: fixedHeader });
}
