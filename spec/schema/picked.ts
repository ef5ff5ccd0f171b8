import { Unknown, type FamilySchema, type OperationSchema, type UnknownAttribute } from '../../lib/schema/index.js';

type Row = Record<string | symbol, unknown>;

/** Lists the properties that the descriptor gives to messages of an operation. */
export function propertiesOf(schema: FamilySchema, { fixedHeader, set, variants = [] }: OperationSchema): string[] {
  const members = schema.structs.find(({ name }) => name === fixedHeader)?.members ?? [];
  const sets = [set, ...variants.map((variant) => variant.set)];
  const attributes = schema.sets.filter(({ name }) => sets.includes(name)).flatMap((found) => found.attributes);
  return [...members, ...attributes].filter(({ type }) => type !== 'pad' && type !== 'unused').map(({ property }) => property);
}

/** Reduces a complete row to some of its properties. */
export function project(row: object, properties: readonly string[], schema: FamilySchema, operation: OperationSchema): object {
  const whole = row as Row;
  const picked: Row = {};
  for (const [name, value] of Object.entries(whole)) {
    if (properties.includes(name)) Object.defineProperty(picked, name, { value, writable: true, enumerable: true, configurable: true });
  }
  const unknown = ((whole[Unknown] ?? []) as UnknownAttribute[]).filter(({ type }) => {
    const property = propertyOf(schema, operation, whole, type);
    return property !== undefined && properties.includes(property);
  });
  return unknown.length === 0 ? picked : Object.assign(picked, { [Unknown]: unknown });
}

/** Returns the property of an attribute that carries a value; undefined if its number has no meaning. */
function propertyOf(
  schema: FamilySchema,
  { fixedHeader, set, variants = [] }: OperationSchema,
  row: Row,
  type: number,
): string | undefined {
  const members = schema.structs.find(({ name }) => name === fixedHeader)?.members ?? [];
  const variant = variants.find(({ member, value }) => row[members.find(({ name }) => name === member)!.property] === value);
  const attributes = schema.sets.find(({ name }) => name === (variant?.set ?? set))?.attributes ?? [];
  return attributes.find((attribute) => attribute.id === type && attribute.type !== 'pad' && attribute.type !== 'unused')?.property;
}
