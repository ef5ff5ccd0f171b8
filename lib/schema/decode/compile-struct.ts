import { type BackEnd } from './back-end.js';
import { integerSource } from './compile-integer.js';
import { ipv4Text } from '../../wire/index.js';
import type { MemberSchema, StructSchema } from '../descriptor/descriptor.js';
import { type SchemaIndex } from '../descriptor/schema-index.js';
import { shapeOf } from '../descriptor/shape.js';
import { type SourceText, assign, integer } from './source-text.js';

/**
 * Writes the statements that give an object a struct's fields.
 *
 * The struct starts at `start`; `q` is the index of its first word, where it lies on a word's boundary.
 *
 * @internal
 */
export function structSource(
  text: SourceText,
  index: SchemaIndex,
  backEnd: BackEnd,
  struct: StructSchema,
  options: { object: string; aligned: boolean; end: string; hidden?: string | undefined; shows?: (property: string) => boolean },
): void {
  for (const member of struct.members) {
    if (member.type === 'pad' || member.name === options.hidden || options.shows?.(member.property) === false) continue;
    memberSource(text, index, backEnd, struct, member, options);
  }
}

function memberSource(
  text: SourceText,
  index: SchemaIndex,
  backEnd: BackEnd,
  struct: StructSchema,
  member: MemberSchema,
  { object, aligned, end }: { object: string; aligned: boolean; end: string },
): void {
  const { property, offset, size } = member;
  const byte = `start + ${integer(offset)}`;
  const shape = shapeOf(index, member);
  if (shape.kind === 'integer' && size === shape.width) {
    // The last word may reach beyond the struct, and so beyond the frame.
    const inWord = offset & 3;
    const fits = aligned && inWord % shape.width === 0 && (offset | 3) < struct.size && (shape.width < 8 || inWord === 0);
    const place = fits ? { byte, word: `q + ${integer(offset >> 2)}`, inWord } : { byte };
    text.line(assign(object, property, integerSource(text, shape, place)));
  } else if (shape.kind === 'address' && size === 4) {
    text.line(assign(object, property, `${text.constant(ipv4Text)}(bytes, ${byte})`));
  } else {
    const decode = text.constant(backEnd.value(member));
    const to = size === undefined ? end : `start + ${integer(offset + size)}`;
    const local = text.local();
    text.line(`const ${local} = ${decode}(words, bytes, ${byte}, ${to}, undefined, 0);`);
    text.line(`if (${local} !== undefined) { ${assign(object, property, local)} }`);
  }
}
