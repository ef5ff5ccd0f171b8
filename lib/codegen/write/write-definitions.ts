import type { EnumSchema, MemberSchema, StructSchema } from '../../schema/index.js';
import { fieldComments } from './address-comments.js';
import { pascalCase, quote, valueKey } from '../names.js';
import type { TypeNames } from './type-names.js';
import type { Direction } from '../../schema/internal.js';
import { hasInputType, type ValueTexts } from './value-text.js';
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

/** Prints the type of a struct, and a second one for requests if they differ in more than optional members. @internal */
export function writeStruct(struct: StructSchema, texts: ValueTexts): string[] {
  const isHeader = texts.names.schema.operations.some((operation) =>
    [operation, operation.do?.input, operation.dump?.input].some((shape) => shape?.fixedHeader === struct.name),
  );
  const directions: Direction[] = hasInputType(struct) ? ['reply', 'request'] : ['reply'];
  return directions.flatMap((direction) => {
    const mark = direction === 'request' ? '?' : '';
    const members = struct.members.filter(({ type }) => type !== 'pad');
    const comments = isHeader ? texts.headerComments : fieldComments(struct.members.map(({ address }) => address));
    return [
      `/** The struct ${safe(struct.name)}${direction === 'request' ? ' in requests; omitted members are 0' : ''}. @public */`,
      `export interface ${texts.struct(struct.name, direction)} {`,
      ...members.flatMap((member) =>
        texts.property(struct.name, member, mark, texts.value(member, direction), commentOf(member, comments)),
      ),
      '}',
      '',
    ];
  });
}

function commentOf({ property, default: value }: MemberSchema, comments: ReadonlyMap<string, string>): string | undefined {
  const own = value === undefined ? undefined : `In requests ${value} if it is omitted.`;
  const words = [comments.get(property), own].filter((text) => text !== undefined);
  return words.length === 0 ? undefined : words.join(' ');
}
