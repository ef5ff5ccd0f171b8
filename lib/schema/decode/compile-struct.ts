import type { BackEnd } from '../codec/back-end.js';
import { type SourceText, assign, integer } from '../codec/source-text.js';
import type { MemberSchema, StructSchema } from '../descriptor/descriptor.js';
import { findCodec } from '../kinds/table.js';

/** The position of a struct in generated source. @internal */
export interface StructPlace {
  /** Source of the object that gets the fields. */
  readonly object: string;
  /** The struct starts at a multiple of 4: `q` is the index of its first word. */
  readonly aligned: boolean;
  /** Source of the offset at which the struct ends. */
  readonly end: string;
  /** A member that is not shown. */
  readonly hidden?: string | undefined;
  readonly shows?: (property: string) => boolean;
}

/** Writes the statements that give an object the fields of the struct at `start`. @internal */
export function structSource(text: SourceText, backEnd: BackEnd, struct: StructSchema, place: StructPlace): void {
  for (const member of struct.members) {
    if (member.type === 'pad' || member.name === place.hidden || place.shows?.(member.property) === false) continue;
    memberSource(text, backEnd, struct, member, place);
  }
}

function memberSource(
  text: SourceText,
  backEnd: BackEnd,
  struct: StructSchema,
  member: MemberSchema,
  { object, aligned, end }: StructPlace,
): void {
  const { property, offset, size } = member;
  const byte = `start + ${integer(offset)}`;
  const inPlace = { byte, offset, size, structSize: struct.size, aligned };
  const value = findCodec(member).memberSource?.(text, backEnd.names, member, inPlace);
  if (value !== undefined) {
    text.line(assign(object, property, value));
    return;
  }
  const decode = text.constant(backEnd.value(member));
  const to = size === undefined ? end : `start + ${integer(offset + size)}`;
  const local = text.local();
  text.line(`const ${local} = ${decode}(words, bytes, ${byte}, ${to}, undefined, 0);`);
  text.line(`if (${local} !== undefined) { ${assign(object, property, local)} }`);
}
