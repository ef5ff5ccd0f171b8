import { omitUndefined } from '../../check/index.js';
import { camelCase } from '../names.js';
import type {
  AttributeSetSchema,
  MergeListSchema,
  MergeSchema,
  ModeSchema,
  OperationSchema,
  ShapeSchema,
  VariantSchema,
} from '../../schema/index.js';
import { readHeader, readReference, readShapes, readWhen } from './read-shapes.js';
import { checkNeeds, readNeeds, readNeedsOne } from './read-needs.js';
import { messageNumber, numberOperations, type NumberedOperation } from './number-operations.js';
import { reportUnlistedAttributes, type NoteTaker } from '../report-unlisted-attributes.js';
import type { Context } from './read-attribute.js';
import type { SpecNode } from './spec-node.js';

/** Reads `operations`. @internal */
export function readOperations(
  root: SpecNode,
  sets: readonly AttributeSetSchema[],
  groups: readonly string[],
  context: Context,
  note: NoteTaker,
): OperationSchema[] {
  const node = root.get('operations');
  node.allowKeys('enum-model', 'list', 'fixed-header', 'transaction');
  const header = readHeader(node, context);
  const numbered = numberOperations(node);
  const nodes = new Map<string, SpecNode>();
  for (const { node: entry } of numbered) {
    if (nodes.has(entry.textOf('name'))) entry.fail('is listed twice');
    nodes.set(entry.textOf('name'), entry);
  }
  return numbered.map((entry) => {
    const source = sourceOf(entry.node, nodes);
    const operation = readOperation(entry, source, header, groups, context);
    checkNeeds(entry.node, operation, sets, context);
    reportUnlistedAttributes(entry.node, operation, sets, context, note);
    return operation;
  });
}

/** Returns the operation that describes the contents of a notification; for other operations their own entry. */
function sourceOf(node: SpecNode, nodes: ReadonlyMap<string, SpecNode>): SpecNode {
  const notify = node.find('notify');
  if (notify === undefined) return node;
  const source = nodes.get(notify.text()) ?? notify.fail(`no operation '${notify.text()}' is defined`);
  if (!source.has('do') && !source.has('dump')) notify.fail(`'${notify.text()}' has neither do nor dump`);
  return source;
}

function readOperation(
  { node, request, reply }: NumberedOperation,
  source: SpecNode,
  familyHeader: string | undefined,
  groups: readonly string[],
  context: Context,
): OperationSchema {
  node.allowKeys(
    'name',
    'value',
    'attribute-set',
    'fixed-header',
    'do',
    'dump',
    'notify',
    'event',
    'unicast',
    'mcgrp',
    'flags',
    'transaction',
    'merge',
    'distinct',
    'empty-nests',
    'needs-one',
    'defaults',
    'variants',
    'when',
  );
  const name = node.textOf('name');
  const set = readReference(node, 'attribute-set', context) ?? readReference(source, 'attribute-set', context);
  const fixedHeader = readHeader(node, context) ?? readHeader(source, context) ?? familyHeader;
  const shapes = readShapes(source, omitUndefined({ set, fixedHeader }), context);
  const shape = {
    ...shapes.reply,
    ...readVariants(source, context),
    ...readWhen(source, shapes, context),
  };
  if (node !== source && node.has('when')) node.get('when').fail("a notification has the 'when' of its operation");
  if ('variants' in shape && (shapes.do !== undefined || shapes.dump !== undefined))
    node.fail("'variants' needs requests and replies with the same header and set");
  if (node.has('notify') || node.has('event')) {
    if (node.has('do') || node.has('dump')) node.fail('a notification has neither do nor dump');
    const what = node.has('notify') ? { notify: node.textOf('notify') } : { event: true as const };
    return { name, ...shape, ...what, ...omitUndefined({ command: reply }), ...readReceivers(node, groups) };
  }
  if (node.has('unicast')) node.get('unicast').fail('only an event is sent to one socket');
  const [run, dump] = (['do', 'dump'] as const).map((key) => {
    const mode = readMode(node, key, request, reply);
    const input = shapes[key];
    return mode === undefined || input === undefined ? mode : { ...mode, input };
  });
  return {
    name,
    ...shape,
    ...omitUndefined({ do: run, dump, permission: readPermission(node), transaction: node.flag('transaction') }),
    ...readMerge(node),
    ...readDistinct(node),
    ...readEmptyNests(node),
    ...readNeedsOne(node),
    ...readDefaults(node, shapes.do ?? shapes.reply, context),
  };
}

function readMode(node: SpecNode, key: 'do' | 'dump', request: number | undefined, reply: number | undefined): ModeSchema | undefined {
  const mode = node.find(key);
  if (mode === undefined) return undefined;
  mode.allowKeys('request', 'reply', 'reply-sure', ...(key === 'do' ? ['ack-number'] : []));
  const keys = ['value', 'attributes', 'fixed-header', 'attribute-set'];
  mode.find('request')?.allowKeys(...keys, 'needs');
  mode.find('reply')?.allowKeys(...keys);
  const ownRequest = messageNumber(mode, 'request') ?? request ?? mode.fail('the request has no number');
  const needs = readNeeds(mode);
  if (!mode.has('reply')) {
    if (mode.has('ack-number')) mode.get('ack-number').fail("needs a 'reply' with the attribute");
    return { request: ownRequest, ...needs };
  }
  const ownReply = messageNumber(mode, 'reply') ?? reply ?? ownRequest;
  const replySure = (key === 'do' && (!mode.has('reply-sure') || mode.isTrue('reply-sure'))) || undefined;
  const ackNumber = mode.has('ack-number') ? camelCase(mode.textOf('ack-number')) : undefined;
  return { request: ownRequest, reply: ownReply, ...needs, ...omitUndefined({ replySure, ackNumber }) };
}

function readPermission(node: SpecNode): OperationSchema['permission'] {
  const flags = node.list('flags');
  const known = flags.map((flag) =>
    flag.value === 'admin-perm' || flag.value === 'uns-admin-perm' ? flag.value : flag.fail('is not supported'),
  );
  return known[0];
}

/** Reads the receivers of a notification or event: groups, or the one socket that asked for it. */
function readReceivers(node: SpecNode, groups: readonly string[]): Pick<OperationSchema, 'groups' | 'unicast'> {
  if (!node.isTrue('unicast')) return readGroups(node, groups);
  if (!node.has('event')) node.get('unicast').fail('only an event is sent to one socket');
  return node.has('mcgrp') ? node.get('mcgrp').fail('a unicast event has no group') : { unicast: true };
}

function readGroups(node: SpecNode, groups: readonly string[]): Pick<OperationSchema, 'groups'> {
  const group = node.find('mcgrp');
  if (group === undefined) return {};
  const names = Array.isArray(group.value) ? node.list('mcgrp') : [group];
  return { groups: names.map((name) => (groups.includes(name.text()) ? name.text() : name.fail(`no group '${name.text()}' is defined`))) };
}

function readVariants(node: SpecNode, context: Context): Pick<OperationSchema, 'variants'> {
  const variants = node.list('variants').map((entry): VariantSchema => {
    entry.allowKeys('member', 'value', 'attribute-set');
    const set = readReference(entry, 'attribute-set', context) ?? entry.fail("'attribute-set' is missing");
    return { member: entry.textOf('member'), value: entry.get('value').integer(0, 0xffffffff), set };
  });
  return variants.length === 0 ? {} : { variants };
}

function readMerge(node: SpecNode): Pick<OperationSchema, 'merge'> {
  const entry = node.find('merge');
  if (entry === undefined) return {};
  entry.allowKeys('key', 'lists');
  const lists = entry.list('lists').map((list): MergeListSchema => {
    list.allowKeys('path', 'by', 'property');
    const by = list.choice('by', ['append', 'index', 'property']);
    return { path: list.list('path').map((step) => step.text()), by: by === 'property' ? { property: list.textOf('property') } : by };
  });
  const merge: MergeSchema = { key: entry.list('key').map((property) => property.text()), lists };
  return { merge };
}

/** Reads the members of the header that a request of the operation has if the caller omits them. */
function readDefaults(node: SpecNode, { fixedHeader }: ShapeSchema, { structs }: Context): Pick<OperationSchema, 'defaults'> {
  const source = node.find('defaults');
  if (source === undefined) return {};
  const members = structs.get(fixedHeader ?? '')?.members ?? [];
  source.allowKeys(...members.map(({ name }) => name));
  const given = members.filter(({ name }) => source.has(name));
  return { defaults: Object.fromEntries(given.map(({ name, property }) => [property, source.get(name).integer(0, 0xffff_ffff)])) };
}

/** Reads the properties, in camelCase, of the nests that a dump request always has. */
function readEmptyNests(node: SpecNode): Pick<OperationSchema, 'emptyNests'> {
  const properties = node.list('empty-nests').map((property) => property.text());
  return properties.length === 0 ? {} : { emptyNests: properties };
}

/** Returns a path in camelCase, its steps separated by dots: `parms.ifindex`. */
function readDistinct(node: SpecNode): Pick<OperationSchema, 'distinct'> {
  const paths = node.list('distinct').map((path) => path.text().split('.'));
  return paths.length === 0 ? {} : { distinct: paths };
}
