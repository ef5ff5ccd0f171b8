import { structScope } from '../codec/address/address-scope.js';
import type { BackEnd } from '../codec/back-end.js';
import { type SourceText, assign, integer } from '../codec/source-text.js';
import type { MemberSchema, StructSchema } from '../descriptor/descriptor.js';
import { findCodec } from '../kinds/table.js';
import { memberDecoder } from './member-decoder.js';

/** The position of a struct in generated source. It is from `start` to `end`; `outer` is the scope around it. @internal */
export interface StructPlace {
  /** Source of the object that gets the fields. */
  readonly object: string;
  /** The struct starts at a multiple of 4: `q` is the index of its first word. */
  readonly aligned: boolean;
  /** A member that is not shown. */
  readonly hidden?: string | undefined;
  readonly shows?: (property: string) => boolean;
}

/** Writes the statements that give an object the fields of the struct between `start` and `end`. @internal */
export function structSource(text: SourceText, backEnd: BackEnd, struct: StructSchema, place: StructPlace): void {
  const scopeOf = structScope(backEnd.names, struct);
  if (scopeOf !== undefined) text.line(`const scope = ${text.constant(scopeOf)}(bytes, start, end, outer);`);
  const scope = scopeOf === undefined ? 'outer' : 'scope';
  for (const member of struct.members) {
    if (member.type === 'pad' || member.name === place.hidden || place.shows?.(member.property) === false) continue;
    const stop = member.offset + (member.size ?? 0);
    const mayLack = struct.grows === true && stop > (struct.minimum ?? 0);
    if (mayLack) text.line(`if (start + ${integer(stop)} <= end) {`);
    // Of a struct that grows, only the bytes before `sure` are certain to be in the frame: a word beyond them may not.
    const sure = struct.grows === true ? Math.max(stop, struct.minimum ?? 0) : struct.size;
    memberSource(text, backEnd, struct, member, { ...place, scope, structSize: sure });
    if (mayLack) text.line('}');
  }
}

function memberSource(
  text: SourceText,
  backEnd: BackEnd,
  struct: StructSchema,
  member: MemberSchema,
  { object, aligned, scope, structSize }: StructPlace & { readonly scope: string; readonly structSize: number },
): void {
  const { property, offset, size } = member;
  const value = memberValue(text, backEnd, struct, member, { aligned, structSize });
  if (value !== undefined) {
    text.line(assign(object, property, value));
    return;
  }
  const byte = `start + ${integer(offset)}`;
  const decode = text.constant(memberDecoder(backEnd, struct, member));
  const to = size === undefined ? 'end' : `start + ${integer(offset + size)}`;
  const local = text.local();
  text.line(`const ${local} = ${decode}(words, bytes, ${byte}, ${to}, ${scope}, 0);`);
  text.line(`if (${local} !== undefined) { ${assign(object, property, local)} }`);
}

/**
 * Writes the source of a member's value; undefined if generated code must call the closure. The struct is from `start`.
 *
 * @internal
 */
export function memberValue(
  text: SourceText,
  { names }: BackEnd,
  struct: StructSchema,
  member: MemberSchema,
  { aligned, structSize = struct.size }: { readonly aligned: boolean; readonly structSize?: number },
): string | undefined {
  const { offset, size } = member;
  const place = { byte: `start + ${integer(offset)}`, offset, size, structSize, aligned };
  return findCodec(member).memberSource?.(text, names, member, place);
}
