import { checkedStructEnd, type StructEnd, variableMember } from '../codec/struct/struct-end.js';
import type { BodySchema } from '../codec/back-end.js';
import type { StructSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';

/** The parts of a body on the wire. @internal */
export interface BodyLayout {
  readonly struct: StructSchema | undefined;
  /** Bytes that the header has at least; a shorter body does not decode. */
  readonly least: number;
  /** Finds the end of a header of variable size; undefined if it has the size of the struct. */
  readonly headerEnd: StructEnd | undefined;
  /** Attributes follow the header. */
  readonly hasAttributes: boolean;
}

/** Returns the layout of a body. A header that grows, or takes the rest of the message, is not followed by attributes. @internal */
export function bodyLayout(index: SchemaIndex, { header, set, open }: BodySchema): BodyLayout {
  const struct = header === undefined ? undefined : index.struct(header);
  if (struct === undefined) return { struct, least: 0, headerEnd: undefined, hasAttributes: set !== undefined || open === true };
  const grows = struct.grows === true && set === undefined;
  const last = variableMember(struct);
  const takesRest = grows || (last !== undefined && last.lengthMember === undefined);
  return {
    struct,
    least: grows ? (struct.minimum ?? 0) : struct.size,
    headerEnd: grows ? (_bytes, _start, end) => end : checkedStructEnd(index, struct),
    hasAttributes: !takesRest && (set !== undefined || open === true),
  };
}
