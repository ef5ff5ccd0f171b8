import type { EnumSchema } from '../../schema/index.js';
import { pascalCase, quote, valueKey } from '../names.js';
import type { TypeNames } from './type-names.js';
import { safe } from './write-sets.js';

/** Prints names as a union of literals, flags as an object of masks, numbers that stay numbers as an object of constants. @internal */
export function writeEnum(definition: EnumSchema, names: TypeNames): string[] {
  if (names.isConstants(definition)) return writeConstants(definition, names.of('enum', definition.name));
  const lines = definition.kind === 'flags' ? [] : writeUnion(definition, names);
  for (const [wide, alias] of names.flags(definition)) lines.push(...writeFlags(definition, alias, wide));
  return lines;
}

function writeUnion({ name, entries }: EnumSchema, names: TypeNames): string[] {
  const text = [...entries.map(([entry]) => quote(entry)), 'number'].join(' | ');
  return [
    `/** The names of ${safe(name)}; a value without a name is a number. @public */`,
    `export type ${names.of('enum', name)} = ${text};`,
    '',
  ];
}

function writeFlags(definition: EnumSchema, alias: string, wide: boolean): string[] {
  const members = definition.entries.map(([entry, value]): [string, string] => {
    const mask = definition.kind === 'flags' ? BigInt(value) : 1n << BigInt(value);
    return [entry, `${mask}${wide || mask > 0xffffffffn ? 'n' : ''}`];
  });
  return writeObject(`The flags of ${safe(definition.name)}.`, alias, members);
}

function writeConstants({ name, entries }: EnumSchema, alias: string): string[] {
  const members = entries.map(([entry, value]): [string, string] => [entry, `${value}${typeof value === 'bigint' ? 'n' : ''}`]);
  return writeObject(`The named numbers of ${safe(name)}; other numbers are possible.`, alias, members);
}

function writeObject(doc: string, alias: string, members: readonly [entry: string, value: string][]): string[] {
  const keys = new Set<string>();
  const lines = members.map(([entry, value]) => {
    const pascal = pascalCase(entry);
    const key = keys.has(pascal) ? entry : pascal;
    keys.add(key);
    return `  ${valueKey(key)}: ${value},`;
  });
  return [`/** ${doc} @public */`, `export const ${alias} = {`, ...lines, `} as const;`, `Object.freeze(${alias});`, ''];
}
