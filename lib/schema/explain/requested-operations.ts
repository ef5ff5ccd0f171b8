import type { FamilySchema, OperationSchema } from '../descriptor/descriptor.js';
import { modeOf, shapeOf } from '../descriptor/message-shape.js';
import { indexSchema } from '../descriptor/schema-index.js';
import { headerField } from '../decode/header-field.js';
import { AttributeReader } from '../../wire/index.js';
import { operationNumber, operationsOf, type NumberedMessage } from './operations-of.js';
import { requestLayout } from './request-layout.js';
import { withoutFlushes } from './without-flushes.js';

/**
 * Returns the operations that a request may be: one, or several that differ by the attributes only.
 *
 * Where a field of the header identifies operations, the kernel selects by it. If several have this value of the field, the result is the ones
 * whose header and attributes the request has; all of them if it has none of these shapes.
 *
 * @internal
 */
export function requestedOperations(schema: FamilySchema, message: NumberedMessage): readonly OperationSchema[] {
  const number = operationNumber(schema, message);
  const found = operationsOf(schema, message).filter((operation) => operation.do?.request === number || operation.dump?.request === number);
  const identified = found.filter(({ when }) => when !== undefined);
  if (identified.length === 0) return withoutFlushes(schema, found, message.payload);
  const fitting = identified.filter((operation) => fits(schema, operation, message));
  return fitting.length > 0 ? fitting : identified;
}

/**
 * Drops the operations of other families if a field of the header identifies that of one: the kernel passes a message of AF_CAN to the CAN gateway,
 * although routes have the same number.
 *
 * @internal
 */
export function ofIdentifiedFamilies<Found extends { readonly schema: FamilySchema; readonly operation: OperationSchema }>(
  found: readonly Found[],
): readonly Found[] {
  const identified = new Set(found.filter(({ operation }) => operation.when !== undefined).map(({ schema }) => schema));
  return identified.size === 0 ? found : found.filter(({ schema }) => identified.has(schema));
}

/** Tests whether a request has the numbers that an operation requires, and no attribute that the operation does not have. */
function fits(schema: FamilySchema, operation: OperationSchema, { flags, payload }: NumberedMessage): boolean {
  const { fixedHeader, set } = shapeOf(operation, modeOf(operation, flags));
  const { header, begin, start } = requestLayout(schema, fixedHeader);
  if (payload.byteLength < start) return false;
  for (const { property, only } of header?.members ?? []) {
    if (header === undefined || only === undefined) continue;
    const field = headerField(indexSchema(schema), header, (member) => member.property === property);
    const value = field?.read(payload, begin, payload.byteLength);
    if (field === undefined || !only.some((number) => field.shown(number) === value)) return false;
  }
  const attributes = schema.sets.find(({ name }) => name === set)?.attributes ?? [];
  // The encoder writes an attribute with a default into every request.
  const missing = new Set(attributes.filter((one) => one.only !== undefined && one.default !== undefined).map(({ id }) => id));
  try {
    for (const attribute of new AttributeReader(payload, { start })) {
      const known = attributes.find(({ id }) => id === attribute.type);
      if (known === undefined) return false;
      if (known.only !== undefined && (known.type !== 'u32' || !known.only.includes(attribute.uint32()))) return false;
      missing.delete(attribute.type);
    }
  } catch {
    return false;
  }
  return missing.size === 0;
}
