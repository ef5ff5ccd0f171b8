import type { FamilySchema, MemberSchema, OperationSchema, StructSchema } from '../descriptor/descriptor.js';
import { type OperationMode, shapeOf } from '../descriptor/message-shape.js';
import { indexSchema, type SchemaIndex } from '../descriptor/schema-index.js';
import { closureDecoders } from './closure-decoders.js';
import { GENERIC_HEADER_SIZE } from '../../wire/index.js';

const EMPTY = new Uint32Array(0);

/** A field of a fixed header that selects something by its value. @internal */
export interface HeaderField {
  readonly property: string;
  /** Reads the field of the header that starts at an offset; undefined if the bytes end before it. */
  read(bytes: Uint8Array, start: number, end: number): unknown;
  /** Returns the form of a number in values: its name, if an enum has one. */
  shown(value: number): unknown;
}

/** Finds a field of a struct; undefined if it has no such field, or one without a size. @internal */
export function headerField(index: SchemaIndex, struct: StructSchema, matches: (member: MemberSchema) => boolean): HeaderField | undefined {
  const member = struct.members.find(matches);
  if (member?.size === undefined) return undefined;
  const { property, offset, size } = member;
  const decode = closureDecoders(index).value(member);
  const names = member.enum === undefined ? undefined : index.enumNames(member.enum);
  return {
    property,
    read(bytes, start, end) {
      const at = start + offset;
      return at + size <= end ? decode(EMPTY, bytes, at, at + size, undefined, 0) : undefined;
    },
    shown: (value) => (names === undefined ? value : names.show(value)),
  };
}

/**
 * Creates the check for messages of an operation that shares its number with others.
 *
 * @returns The check of the bytes after a message's netlink header; undefined if the number alone identifies the operation, or if
 * messages in this mode do not have the field.
 * @internal
 */
export function messageCheck(
  schema: FamilySchema,
  operation: OperationSchema,
  mode: OperationMode,
): ((payload: Uint8Array) => boolean) | undefined {
  const { when } = operation;
  if (when === undefined) return undefined;
  const field = whenField(indexSchema(schema), operation, mode);
  if (field === undefined) return undefined;
  const start = schema.generic === undefined ? 0 : GENERIC_HEADER_SIZE;
  const shown = new Set(when.values.map((value) => field.shown(value)));
  return (payload) => shown.has(field.read(payload, start, payload.length));
}

/** Finds the field that identifies an operation among those of its number. @internal */
export function whenField(index: SchemaIndex, operation: OperationSchema, mode: OperationMode): HeaderField | undefined {
  const { when } = operation;
  const { fixedHeader } = shapeOf(operation, mode);
  if (when === undefined || fixedHeader === undefined) return undefined;
  const isRequest = mode === 'do' || mode === 'dump';
  const name = isRequest ? (when.requestProperty ?? when.property) : when.property;
  return headerField(index, index.struct(fixedHeader), ({ property }) => property === name);
}
