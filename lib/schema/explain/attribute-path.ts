import { GENERIC_HEADER_SIZE, MESSAGE_HEADER_SIZE } from '../../wire/index.js';
import type { FamilySchema, OperationSchema, ShapeSchema } from '../descriptor/descriptor.js';
import { type OperationMode, modeOfMessage, shapeOf } from '../descriptor/message-shape.js';
import { type SchemaIndex, indexSchema } from '../descriptor/schema-index.js';
import type { WalkedAttribute } from '../codec/walker.js';
import { variantsOf } from '../decode/variants.js';
import { Walk } from './walk.js';

/**
 * Names the attribute, or the header field, at an offset of a message.
 *
 * It converts the offset of an extended ack into a path that a user can find in the request.
 *
 * @param schema - The family of the message.
 * @param operation - The operation, by name.
 * @param message - The message, header included.
 * @param offset - Bytes from the message's header (`ExtendedAck.offset`).
 * @param headerSize - Size of the message's header; 0 if `message` is a payload and `offset` counts from it.
 * @returns Properties from the outside in, e.g. `'.linkinfo.data.id'`; an attribute that the schema does not know is a number.
 * Undefined if no attribute contains the offset.
 * @public
 */
export function attributePathAt(
  schema: FamilySchema,
  operation: string,
  message: Uint8Array,
  offset: number,
  headerSize: number = MESSAGE_HEADER_SIZE,
): string | undefined {
  const index = indexSchema(schema);
  const found = index.operation(operation);
  if (found === undefined) return undefined;
  const mode = headerSize < MESSAGE_HEADER_SIZE ? 'reply' : modeOfMessage(found, message);
  return pathAt(index, found, mode, message, offset, headerSize);
}

/** Names the attribute, or the header field, at an offset of a message whose mode is known; see {@link attributePathAt}. @internal */
export function pathAt(
  index: SchemaIndex,
  operation: OperationSchema,
  mode: OperationMode,
  message: Uint8Array,
  offset: number,
  headerSize: number,
): string | undefined {
  let path = headerFieldAt(index, shapeOf(operation, mode), offset - headerSize);
  walk({ index, operation, mode, message, headerSize }, (attribute) => {
    if (attribute.offset <= offset && offset < attribute.offset + attribute.length) path = attribute.path;
  });
  return path;
}

/**
 * Names an attribute that a request lacks, as an extended ack reports it.
 *
 * @param schema - The family of the request.
 * @param operation - The operation, by name.
 * @param message - The request, header included.
 * @param missingType - The attribute's number (`ExtendedAck.missingType`).
 * @param missingNest - Offset of the nest that lacks it (`ExtendedAck.missingNest`); if omitted, the message itself lacks it.
 * @returns Its path; undefined if the schema does not know it.
 * @public
 */
export function missingAttributePath(
  schema: FamilySchema,
  operation: string,
  message: Uint8Array,
  missingType: number,
  missingNest?: number,
): string | undefined {
  const index = indexSchema(schema);
  const found = index.operation(operation);
  if (found === undefined) return undefined;
  const walked = wholeMessage(index, found, message);
  let set: string | undefined;
  let path = '';
  if (missingNest === undefined) set = setOf(walked);
  else {
    walk(walked, (attribute) => {
      if (attribute.offset === missingNest) ({ inner: set, path } = attribute);
    });
  }
  const missing = set === undefined ? undefined : index.attributes(set).get(missingType);
  return missing === undefined ? undefined : `${path}.${missing.property}`;
}

/**
 * Lists the attributes of a message with their names, outer ones before those in them; for traces.
 *
 * @param schema - The family of the message.
 * @param operation - The operation, by name.
 * @param message - The message, header included.
 * @public
 */
export function describeAttributes(schema: FamilySchema, operation: string, message: Uint8Array): WalkedAttribute[] {
  const index = indexSchema(schema);
  const found = index.operation(operation);
  const attributes: WalkedAttribute[] = [];
  if (found !== undefined) walk(wholeMessage(index, found, message), (attribute) => attributes.push(attribute));
  return attributes;
}

/**
 * Finds the bytes of a message that are or may be key material: those that the schema declares secret, and unknown attributes in the same sets.
 *
 * @param schema - The family of the message.
 * @param operation - The operation, by name.
 * @param message - The message, header included.
 * @returns The start and the end of each range, in bytes from the message's header.
 * @public
 */
export function secretRanges(schema: FamilySchema, operation: string, message: Uint8Array): [start: number, end: number][] {
  const index = indexSchema(schema);
  const found = index.operation(operation);
  const ranges: [number, number][] = [];
  if (found === undefined || !index.hasSecrets) return ranges;
  const onSecret = (start: number, end: number): unknown => ranges.push([start, end]);
  walk(wholeMessage(index, found, message), () => undefined, onSecret);
  return ranges;
}

/** A message to be walked. */
interface WalkedMessage {
  readonly index: SchemaIndex;
  readonly operation: OperationSchema;
  readonly mode: OperationMode;
  readonly message: Uint8Array;
  /** Size of the netlink header in `message`. */
  readonly headerSize: number;
}

function wholeMessage(index: SchemaIndex, operation: OperationSchema, message: Uint8Array): WalkedMessage {
  return { index, operation, mode: modeOfMessage(operation, message), message, headerSize: MESSAGE_HEADER_SIZE };
}

function walk(walked: WalkedMessage, visit: (attribute: WalkedAttribute) => void, onSecret?: (start: number, end: number) => void): void {
  const { index, operation, mode, message, headerSize } = walked;
  const { fixedHeader } = shapeOf(operation, mode);
  const start = headerSize + prefixSize(index);
  const walker = new Walk(index, message, visit, onSecret);
  const place = walker.after(fixedHeader, { start, end: message.byteLength, path: '', depth: 0 });
  walker.set(setOf(walked), place);
}

function setOf({ index, operation, mode, message, headerSize }: WalkedMessage): string | undefined {
  const shape = shapeOf(operation, mode);
  if (shape !== operation) return shape.set;
  return variantsOf(index, operation, (set) => set).pick(message, headerSize + prefixSize(index), message.byteLength);
}

function headerFieldAt(index: SchemaIndex, { fixedHeader }: ShapeSchema, offset: number): string | undefined {
  if (fixedHeader === undefined) return undefined;
  const at = offset - prefixSize(index);
  const member = index
    .struct(fixedHeader)
    .members.find(({ offset: from, size = Infinity, type }) => type !== 'pad' && from <= at && at < from + size);
  return member === undefined ? undefined : `.${member.property}`;
}

function prefixSize({ schema }: SchemaIndex): number {
  return schema.generic === undefined ? 0 : GENERIC_HEADER_SIZE;
}
