import type { FormatSchema, MemberSchema, StructSchema } from '../../schema/index.js';
import type { Direction } from '../../schema/internal.js';
import { quote, typeKey } from '../names.js';
import { addressComment, fieldComments } from './address-comments.js';
import { hasInputType, type ValueTexts } from './value-text.js';
import { safe } from './write-sets.js';

/** Prints the type of a struct, and a second one for requests if they differ in more than optional members. @internal */
export function writeStruct(struct: StructSchema, texts: ValueTexts): string[] {
  const directions: Direction[] = hasInputType(struct) ? ['reply', 'request'] : ['reply'];
  return directions.flatMap((direction) => writeOne(struct, direction, texts));
}

function writeOne(struct: StructSchema, direction: Direction, texts: ValueTexts): string[] {
  const isHeader = texts.names.schema.operations.some((operation) =>
    [operation, operation.do?.input, operation.dump?.input].some((shape) => shape?.fixedHeader === struct.name),
  );
  const members = struct.members.filter(({ type }) => type !== 'pad');
  const unions = members.filter(({ subMessage }) => subMessage !== undefined);
  const choosers = unions.map(({ selector }) => members.find(({ name }) => name === selector!.name)!);
  const comments = isHeader ? texts.headerComments : fieldComments(struct.members.map(({ address }) => address));
  const lines = members
    .filter((member) => !unions.includes(member) && !choosers.includes(member))
    .flatMap((member) => {
      const comment = commentOf(member, comments, direction);
      return texts.property(struct.name, member, markOf(struct, member, direction), texts.value(member, direction), comment);
    });
  const what = `The struct ${safe(struct.name)}${direction === 'request' ? ' in requests; omitted members are 0' : ''}`;
  const name = texts.struct(struct.name, direction);
  if (unions.length === 0) return [`/** ${what}. @public */`, `export interface ${name} {`, ...lines, '}', ''];
  const base = texts.names.of('struct', struct.name, direction === 'request' ? 'InputFields' : 'Fields');
  const choices = unions.map((union, at) => writeUnion(struct, choosers[at]!, union, direction, texts));
  return [
    `/** ${what}, without its unions. @public */`,
    `export interface ${base} {`,
    ...lines,
    '}',
    '',
    `/** ${what}. @public */`,
    `export type ${name} = ${base} & ${choices.join(' & ')};`,
    '',
  ];
}

function commentOf(member: MemberSchema, comments: ReadonlyMap<string, string>, direction: Direction): string | undefined {
  const { property, default: value, address } = member;
  const own = typeof value === 'number' ? `In requests ${value} if it is omitted.` : undefined;
  const form = address?.width === undefined ? undefined : addressComment(member, direction);
  const words = [comments.get(property) ?? form, own].filter((text) => text !== undefined);
  return words.length === 0 ? undefined : words.join(' ');
}

/** Members of requests may be omitted. A reply of an older kernel lacks those that a newer one appended. */
function markOf({ grows, minimum = 0 }: StructSchema, { offset, size = 0 }: MemberSchema, direction: Direction): '' | '?' {
  return direction === 'request' || (grows === true && offset + size > minimum) ? '?' : '';
}

/** Prints a union that its selector discriminates; the last member has the formats that are not described, as bytes. */
function writeUnion(struct: StructSchema, chooser: MemberSchema, union: MemberSchema, direction: Direction, texts: ValueTexts): string {
  const { formats } = texts.names.subMessages.get(union.subMessage!)!;
  const key = `readonly ${typeKey(chooser.property)}${markOf(struct, chooser, direction)}`;
  const property = `readonly ${typeKey(union.property)}${markOf(struct, union, direction)}`;
  const isText = chooser.enum !== undefined || chooser.type === 'string';
  const values = formats.map(({ value }) => (isText ? quote(value) : value));
  const members = formats.map((format, at) => `{ ${key}: ${values[at]!}; ${property}: ${formatText(format, direction, texts)} }`);
  const all = texts.value(chooser, direction);
  const others = chooser.enum === undefined || values.length === 0 ? all : `Exclude<${all}, ${values.join(' | ')}>`;
  members.push(`{ ${key}: ${direction === 'request' ? all : others}; ${property}: Uint8Array }`);
  return `(\n${members.map((member) => `  | ${member}`).join('\n')}\n)`;
}

function formatText(format: FormatSchema, direction: Direction, texts: ValueTexts): string {
  const { fixedHeader, content } = format;
  if (content !== undefined) return texts.value(content, direction);
  return fixedHeader === undefined ? 'object' : texts.struct(fixedHeader, direction);
}
