import { omitUndefined } from '../../check/index.js';
import type { OperationSchema, ShapeSchema, WhenSchema } from '../../schema/index.js';
import { camelCase } from '../names.js';
import type { Context } from './read-attribute.js';
import type { SpecNode } from './spec-node.js';

/** The word for a message without a header, or without attributes. */
const NONE = 'none';

/** The shapes of an operation's messages. @internal */
export interface Shapes {
  /** Of replies and notifications. */
  readonly reply: ShapeSchema;
  /** Of requests, if it differs from that of replies. */
  readonly do?: ShapeSchema;
  readonly dump?: ShapeSchema;
}

/** Reads the shapes of an operation; a direction without a header or set has that of the operation. @internal */
export function readShapes(node: SpecNode, own: ShapeSchema, context: Context): Shapes {
  const shape = (mode: 'do' | 'dump', direction: 'request' | 'reply'): ShapeSchema =>
    readShape(node.find(mode)?.find(direction), own, context);
  const replies = (['do', 'dump'] as const).filter((mode) => node.find(mode)?.has('reply')).map((mode) => shape(mode, 'reply'));
  const [reply = own, other = reply] = replies;
  if (!isSame(reply, other)) node.fail('the replies of do and dump have different headers or sets; describe them as two operations');
  const inputs = (['do', 'dump'] as const).map((mode) => {
    const input = shape(mode, 'request');
    return node.has(mode) && !isSame(input, reply) ? input : undefined;
  });
  return { reply, ...omitUndefined({ do: inputs[0], dump: inputs[1] }) };
}

function readShape(direction: SpecNode | undefined, own: ShapeSchema, context: Context): ShapeSchema {
  if (direction === undefined) return own;
  const isNone = (key: string): boolean => direction.find(key)?.value === NONE;
  const fixedHeader = isNone('fixed-header') ? undefined : (readHeader(direction, context) ?? own.fixedHeader);
  const set = isNone('attribute-set') ? undefined : (readReference(direction, 'attribute-set', context) ?? own.set);
  return omitUndefined({ set, fixedHeader });
}

function isSame(one: ShapeSchema, other: ShapeSchema): boolean {
  return one.fixedHeader === other.fixedHeader && one.set === other.set;
}

/** Reads the member of the header that identifies the operation among those of its number. @internal */
export function readWhen(node: SpecNode, shapes: Shapes, { structs }: Context): Pick<OperationSchema, 'when'> {
  const when = node.find('when');
  if (when === undefined) return {};
  when.allowKeys('member', 'request-member', 'values');
  const find = (key: string, candidates: readonly ShapeSchema[]): string => {
    const name = when.textOf(key);
    for (const { fixedHeader } of candidates) {
      const member = fixedHeader === undefined ? undefined : structs.get(fixedHeader)?.members.find((one) => one.name === name);
      if (member?.size !== undefined && member.size <= 4) return member.property;
    }
    return when.get(key).fail(`the header has no integer '${name}'`);
  };
  const property = find('member', [shapes.reply]);
  const inputs = [shapes.do, shapes.dump].filter((shape) => shape !== undefined);
  const requestProperty = when.has('request-member') ? find('request-member', inputs) : undefined;
  const values = when
    .get('values')
    .items()
    .map((value) => value.integer(0, 0xffff_ffff));
  if (values.length === 0) when.get('values').fail('must have a value');
  if (requestProperty !== undefined && requestProperty === camelCase(when.textOf('member')))
    when.get('request-member').fail('is the same as member');
  const schema: WhenSchema = { property, ...omitUndefined({ requestProperty }), values };
  return { when: schema };
}

/** Reads the name of a struct under `fixed-header`. @internal */
export function readHeader(node: SpecNode, { structs }: Context): string | undefined {
  const header = node.find('fixed-header');
  if (header === undefined) return undefined;
  return structs.has(header.text()) ? header.text() : header.fail(`no struct '${header.text()}' is defined`);
}

/** Reads the name of an attribute set under a key. @internal */
export function readReference(node: SpecNode, key: string, { setNames }: Context): string | undefined {
  const set = node.find(key);
  if (set === undefined) return undefined;
  return setNames.has(set.text()) ? set.text() : set.fail(`no attribute set '${set.text()}' is defined`);
}
