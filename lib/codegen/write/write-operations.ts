import type { OperationSchema } from '../../schema/index.js';
import { pascalCase, typeKey, quote } from '../names.js';
import type { Direction } from '../../schema/internal.js';
import type { ValueTexts } from './value-text.js';
import { safe } from './write-sets.js';

/** Prints the request and reply types of an operation, or the type of an event. @internal */
export function writeOperation(operation: OperationSchema, texts: ValueTexts): string[] {
  const { names } = texts;
  if (operation.event === true)
    return [
      `/** The event ${safe(operation.name)}. @public */`,
      `export type ${names.ofOperation(operation, 'Event')} = ${main(operation, 'reply', texts)};`,
      '',
    ];
  if (operation.do === undefined && operation.dump === undefined) return [];
  const lines = [
    `/** The request of ${safe(operation.name)}. @public */`,
    `export type ${names.ofOperation(operation, 'Request')} = ${[main(operation, 'request', texts), ...variants(operation, 'request', texts).map(([, text]) => text)].map(enclose).join(' | ')};`,
    '',
    `/** The reply to ${safe(operation.name)}. @public */`,
    `export type ${names.ofOperation(operation, 'Reply')} = ${main(operation, 'reply', texts)};`,
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

function main({ fixedHeader, set }: OperationSchema, direction: Direction, texts: ValueTexts): string {
  return texts.message(fixedHeader, set, direction);
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
  const notifying = operations.filter(({ notify, event }) => notify !== undefined || event === true);
  const inMode = (mode: 'do' | 'dump'): string[] =>
    operations.flatMap((operation) => {
      const schema = operation[mode];
      if (schema === undefined) return [];
      const sure = mode === 'dump' || schema.replySure === true;
      const reply = `${names.ofOperation(operation, 'Reply')}${sure ? '' : ' | undefined'}`;
      return [`    ${typeKey(operation.name)}: { request: ${names.ofOperation(operation, 'Request')}; reply: ${reply} };`];
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
