import { AttributeReader } from '../../wire/index.js';
import type { FamilySchema, OperationSchema } from '../descriptor/descriptor.js';
import { requestLayout } from './request-layout.js';

/** Tests whether a request has a property: an attribute, or a member of the header, which is never absent. */
type Has = (operation: OperationSchema, property: string, zeroCounts?: boolean) => boolean;

/**
 * Returns those of the operations with one number that the kernel takes a request for.
 *
 * A flush has the number of a deletion, and lacks the attributes that name an object. So the request is the operation that asks for the most of what
 * the request has. All are returned if its attributes cannot be read.
 *
 * @internal
 */
export function withoutFlushes(
  schema: FamilySchema,
  operations: readonly OperationSchema[],
  payload: Uint8Array,
): readonly OperationSchema[] {
  if (operations.length < 2 || operations.every(({ needsOne }) => needsOne === undefined)) return operations;
  let has: Has;
  try {
    has = reader(schema, payload, operations[0]!);
  } catch {
    return operations;
  }
  const fitting = operations.flatMap((operation) => {
    const conditions = conditionsOf(operation, has);
    return conditions.every(Boolean) ? [{ operation, weight: conditions.length }] : [];
  });
  if (fitting.length === 0) return operations;
  const most = Math.max(...fitting.map(({ weight }) => weight));
  return fitting.filter(({ weight }) => weight === most).map(({ operation }) => operation);
}

/** Returns whether a request has what an operation asks for, a condition each. */
function conditionsOf(operation: OperationSchema, has: Has): readonly boolean[] {
  const { do: doing, needsOne } = operation;
  const needs = (doing?.needs ?? []).filter((path) => path.length === 1).map(([property]) => has(operation, property!, true));
  if (needsOne === undefined) return needs;
  const { properties, nonzero = [], without = [] } = needsOne;
  return [
    ...needs,
    properties.some((property) => has(operation, property)),
    ...nonzero.map((property) => has(operation, property)),
    ...without.map((property) => !has(operation, property)),
  ];
}

/** @throws Error if the attributes cannot be read. */
function reader(schema: FamilySchema, payload: Uint8Array, { fixedHeader }: OperationSchema): Has {
  const { header, begin, start } = requestLayout(schema, fixedHeader);
  const present = new Set([...new AttributeReader(payload, { start })].map(({ type }) => type));
  return ({ set }, property, zeroCounts = false) => {
    const attribute = schema.sets.find(({ name }) => name === set)?.attributes.find((one) => one.property === property);
    if (attribute?.id !== undefined) return present.has(attribute.id);
    const member = header?.members.find((one) => one.property === property);
    if (member?.size === undefined) return false;
    return zeroCounts || payload.subarray(begin + member.offset, begin + member.offset + member.size).some((byte) => byte !== 0);
  };
}
