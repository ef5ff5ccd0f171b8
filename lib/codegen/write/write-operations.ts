import { escapeDoc } from './property-docs.js';
import type { OperationSchema } from '../../schema/index.js';
import { pascalCase, typeKey, quote } from '../names.js';
import { shapeOf, type Direction } from '../../schema/internal.js';
import type { TypeNames } from './type-names.js';
import type { ValueTexts } from './value-text.js';
import { safe } from './write-sets.js';

/** Prints the request and reply types of an operation, or the type of an event. @internal */
export function writeOperation(operation: OperationSchema, texts: ValueTexts): string[] {
  const { names } = texts;
  if (operation.event === true)
    return [
      `/** The event ${safe(operation.name)}. @public */`,
      `export type ${names.ofOperation(operation, 'Event')} = ${main(operation, texts)};`,
      '',
    ];
  if (operation.do === undefined && operation.dump === undefined) return [];
  const lines = [
    ...requestModes(operation).flatMap((mode) => [
      `/** The request of ${safe(operation.name)}${isSeparateDump(operation, mode) ? ' in a dump' : ''}.${neededText(operation)} @public */`,
      `export type ${requestName(operation, mode, names)} = ${[request(operation, mode, texts), ...variants(operation, 'request', texts).map(([, text]) => text)].map(enclose).join(' | ')};`,
      '',
    ]),
    `/** The reply to ${safe(operation.name)}. @public */`,
    `export type ${names.ofOperation(operation, 'Reply')} = ${main(operation, texts)};`,
    '',
  ];
  for (const [set, text] of variants(operation, 'reply', texts)) {
    lines.push(
      `/** The reply to ${safe(operation.name)} with ${safe(set)}. @public */`,
      `export type ${names.ofOperation(operation, `${pascalCase(set)}Reply`)} = ${text};`,
      '',
    );
  }
  return lines;
}

/** Prints the type of replies, notifications and events. */
function main({ fixedHeader, set, when }: OperationSchema, texts: ValueTexts): string {
  const text = texts.message(fixedHeader, set, 'reply');
  return when === undefined ? text : `${text} & ${chosen(when.property, '', fixedHeader!, when.values, texts)}`;
}

function request(operation: OperationSchema, mode: 'do' | 'dump', texts: ValueTexts): string {
  const { fixedHeader, set } = shapeOf(operation, mode);
  const text = texts.message(fixedHeader, set, 'request');
  const { when } = operation;
  const property = when?.requestProperty ?? when?.property;
  const isThere = fixedHeader !== undefined && texts.names.structs.get(fixedHeader)!.members.some((member) => member.property === property);
  return when === undefined || !isThere ? text : `${text} & ${chosen(property!, '?', fixedHeader, when.values, texts)}`;
}

/** Prints the property whose values identify the operation among those of its number. */
function chosen(property: string, mark: '' | '?', header: string, values: readonly number[], { names }: ValueTexts): string {
  const member = names.structs.get(header)!.members.find((candidate) => candidate.property === property)!;
  const entries = member.enum === undefined ? [] : names.enums.get(member.enum)!.entries;
  const texts = values.map((value) => entries.find(([, number]) => Number(number) === value)?.[0] ?? value);
  return `{ readonly ${typeKey(property)}${mark}: ${texts.map((text) => (typeof text === 'string' ? quote(text) : text)).join(' | ')} }`;
}

/** Returns the modes whose requests have types of their own: both if they differ. */
function requestModes(operation: OperationSchema): readonly ('do' | 'dump')[] {
  const { do: doing, dump } = operation;
  if (doing === undefined) return ['dump'];
  return dump === undefined || !isSeparateDump(operation, 'dump') ? ['do'] : ['do', 'dump'];
}

function isSeparateDump(operation: OperationSchema, mode: 'do' | 'dump'): boolean {
  const [one, other] = [shapeOf(operation, 'do'), shapeOf(operation, 'dump')];
  const isSame = one.fixedHeader === other.fixedHeader && one.set === other.set;
  return mode === 'dump' && operation.do !== undefined && operation.dump !== undefined && !isSame;
}

function requestName(operation: OperationSchema, mode: 'do' | 'dump', names: TypeNames): string {
  return names.ofOperation(operation, isSeparateDump(operation, mode) ? 'DumpRequest' : 'Request');
}

function variants({ fixedHeader, variants = [] }: OperationSchema, direction: Direction, texts: ValueTexts): [string, string][] {
  return variants.map(({ member, value, set }) => {
    const { property } = texts.names.structs.get(fixedHeader!)!.members.find(({ name }) => name === member)!;
    return [set, `${texts.message(fixedHeader, set, direction)} & { readonly ${typeKey(property)}: ${value} }`];
  });
}

function enclose(text: string, _index: number, all: readonly string[]): string {
  return all.length === 1 ? text : `(${text})`;
}

/** Prints the interface that gives the client the types of the operations and groups. @internal */
export function writeFamilyInterface(texts: ValueTexts): string[] {
  const { names } = texts;
  const { operations, groups, name } = names.schema;
  const unicast = operations.filter((operation) => operation.unicast === true);
  const notifying = operations.filter(({ notify, event, unicast }) => unicast !== true && (notify !== undefined || event === true));
  const inMode = (mode: 'do' | 'dump'): string[] =>
    operations.flatMap((operation) => {
      const schema = operation[mode];
      if (schema === undefined) return [];
      const sure = mode === 'dump' || schema.replySure === true;
      const reply = `${names.ofOperation(operation, 'Reply')}${sure ? '' : ' | undefined'}`;
      return [`    ${typeKey(operation.name)}: { request: ${requestName(operation, mode, names)}; reply: ${reply} };`];
    });
  return [
    `/** The types of the family ${safe(name)}. @public */`,
    `export interface ${names.family} {`,
    ...member('do', inMode('do')),
    ...member('dump', inMode('dump')),
    ...member(
      'notifications',
      notifying.map((operation) => `    ${typeKey(operation.name)}: ${contents(operation, operations, texts)};`),
    ),
    ...member(
      'groups',
      groups.map((group) => {
        const there = notifying
          .filter((operation) => operation.groups?.includes(group.name) ?? true)
          .map((operation) => quote(operation.name));
        return `    ${typeKey(group.name)}: ${there.length === 0 ? 'never' : there.join(' | ')};`;
      }),
    ),
    ...(unicast.length === 0
      ? []
      : member(
          'events',
          unicast.map((operation) => `    ${typeKey(operation.name)}: ${names.ofOperation(operation, 'Event')};`),
        )),
    '}',
    '',
  ];
}

function member(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`  ${name}: object;`] : [`  ${name}: {`, ...lines, '  };'];
}

function contents(operation: OperationSchema, operations: readonly OperationSchema[], { names }: ValueTexts): string {
  if (operation.event === true) return names.ofOperation(operation, 'Event');
  return names.ofOperation(
    operations.find(({ name }) => name === operation.notify)!,
    'Reply',
  );
}

/** Returns the sentence about the properties of which a request must have one. */
function neededText({ needsOne }: OperationSchema): string {
  if (needsOne === undefined) return '';
  return ` Needs ${needsOne.properties.map((property) => `\`${property}\``).join(' or ')}: without it the kernel ${escapeDoc(needsOne.otherwise)}.`;
}
