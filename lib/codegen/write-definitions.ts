import type { EnumSchema, StructSchema } from '../schema/descriptor.js';
import { fieldComments } from './address-comments.js';
import { pascalCase, quote, valueKey } from './names.js';
import type { TypeNames } from './type-names.js';
import { hasInputType, type Direction, type ValueTexts } from './value-text.js';
import { safe } from './write-sets.js';

/** Names as a union of literals, flags as an object of numbers beside them. @internal */
export function writeEnum(definition: EnumSchema, names: TypeNames): string[] {
  const lines = definition.kind === 'flags' ? [] : writeUnion(definition, names);
  for (const [wide, alias] of names.flags(definition)) lines.push(...writeFlags(definition, alias, wide));
  return lines;
}

function writeUnion({ name, entries }: EnumSchema, names: TypeNames): string[] {
  const text = [...entries.map(([entry]) => quote(entry)), 'number'].join(' | ');
  return [`/** Names of ${safe(name)}; a number where it has none. @public */`, `export type ${names.of('enum', name)} = ${text};`, ''];
}

function writeFlags({ name, kind, entries }: EnumSchema, alias: string, wide: boolean): string[] {
  const keys = new Set<string>();
  const lines = entries.map(([entry, value]) => {
    const pascal = pascalCase(entry);
    const key = keys.has(pascal) ? entry : pascal;
    keys.add(key);
    const mask = kind === 'flags' ? BigInt(value) : 1n << BigInt(value);
    return `  ${valueKey(key)}: ${mask}${wide || mask > 0xffffffffn ? 'n' : ''},`;
  });
  return [`/** Flags of ${safe(name)}. @public */`, `export const ${alias} = {`, ...lines, `} as const;`, `Object.freeze(${alias});`, ''];
}

/** The type of a struct, and that of what is written where more than leaving members out makes the difference. @internal */
export function writeStruct(struct: StructSchema, texts: ValueTexts): string[] {
  const isHeader = texts.names.schema.operations.some(({ fixedHeader }) => fixedHeader === struct.name);
  const directions: Direction[] = hasInputType(struct) ? ['reply', 'request'] : ['reply'];
  return directions.flatMap((direction) => {
    const mark = direction === 'request' ? '?' : '';
    const members = struct.members.filter(({ type }) => type !== 'pad');
    const comments = isHeader ? texts.headerComments : fieldComments(struct.members.map(({ address }) => address));
    return [
      `/** Struct ${safe(struct.name)}${direction === 'request' ? ', as it is written: what is left out is 0' : ''}. @public */`,
      `export interface ${texts.struct(struct.name, direction)} {`,
      ...members.flatMap((member) => texts.property(member, mark, texts.value(member, direction), comments.get(member.property))),
      '}',
      '',
    ];
  });
}
