import type { AttributeSetSchema, FamilySchema, StructSchema } from '../../schema/index.js';
import { quote, valueKey } from '../names.js';

/**
 * Prints a plain value as a TypeScript literal on one line.
 *
 * It quotes all texts and all keys that are not identifiers, and checks numbers: no content of a specification can run as code.
 *
 * @internal
 */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'boolean':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      if (!Number.isSafeInteger(value)) throw new RangeError(`descriptor: ${value} is not an integer`);
      return String(value);
    default:
      if (typeof value !== 'object' || value === null) throw new TypeError(`descriptor: ${String(value)} is not plain data`);
      return objectLiteral(value);
  }
}

function objectLiteral(value: object): string {
  const members = Object.entries(value).map(([key, member]) => `${valueKey(key)}: ${literal(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Prints the descriptor, one entry on each line. @internal */
export function writeDescriptor(schema: FamilySchema): string {
  const { enums, structs, sets, subMessages, operations, groups, objects, errors, transaction, ...head } = schema;
  const lines = Object.entries(head).map(([key, value]) => `  ${key}: ${literal(value)},`);
  lines.push(...list('enums', enums.map(literal)));
  lines.push(...list('structs', structs.map(writeStruct)));
  lines.push(...list('sets', sets.map(writeSet)));
  lines.push(
    ...list(
      'subMessages',
      subMessages.map(({ name, formats }) => group({ name }, 'formats', formats)),
    ),
  );
  lines.push(...list('operations', operations.map(literal)));
  lines.push(...list('groups', groups.map(literal)));
  if (objects !== undefined) lines.push(...list('objects', objects.map(literal)));
  if (errors !== undefined) lines.push(...list('errors', errors.map(literal)));
  if (transaction !== undefined) lines.push(`  transaction: ${literal(transaction)},`);
  return `{\n${lines.join('\n')}\n}`;
}

function writeStruct({ members, ...head }: StructSchema): string {
  return group(head, 'members', members);
}

function writeSet({ attributes, ...head }: AttributeSetSchema): string {
  return group(head, 'attributes', attributes);
}

function list(key: string, items: readonly string[]): string[] {
  return items.length === 0 ? [`  ${key}: [],`] : [`  ${key}: [`, ...items.map((item) => `    ${item},`), '  ],'];
}

function group(head: object, key: string, items: readonly unknown[]): string {
  const start = `{ ${Object.entries(head)
    .map(([name, value]) => `${name}: ${literal(value)}`)
    .join(', ')}, ${key}: `;
  if (items.length === 0) return `${start}[] }`;
  return [`${start}[`, ...items.map((item) => `      ${literal(item)},`), '    ] }'].join('\n');
}
