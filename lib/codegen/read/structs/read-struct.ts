import { omitUndefined } from '../../../check/index.js';
import type { MemberSchema, StructSchema } from '../../../schema/index.js';
import { camelCase } from '../../names.js';
import { readAddress } from '../read-address.js';
import type { Definitions } from '../definitions.js';
import { readMemberRule } from '../rules/read-write-rule.js';
import { readChecks } from '../rules/read-checks.js';
import type { SpecNode } from '../spec-node.js';
import { readDefault, readOnly } from './read-default.js';
import { readLengthMember, readUnion } from './read-variable-member.js';
import { isScalar, readCommon, readSecret, WIDTHS } from '../value-type.js';

const MEMBER_TYPES = ['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'string', 'binary', 'sub-message', 'pad'] as const;

const MEMBER_KEYS = [
  ...['name', 'type', 'len', 'struct', 'sub-type', 'repeated', 'byte-order', 'display-hint', 'enum', 'enum-as-flags'],
  ...['address', 'mask-of', 'write', 'secret', 'default', 'only', 'length-member', 'length-unit', 'sub-message', 'selector', 'checks'],
];

/** Returns a struct by name; reads it first if it is defined later. @internal */
export type StructFinder = (name: string) => StructSchema | undefined;

/** Reads a definition of type struct. @internal */
export function readStruct(node: SpecNode, definitions: Definitions, find: StructFinder): StructSchema {
  node.allowKeys('name', 'type', 'members', 'minimum', 'grows');
  node.get('members');
  const members: MemberSchema[] = [];
  const properties = new Set<string>();
  let offset = 0;
  for (const entry of node.list('members')) {
    if (members.length > 0 && members.at(-1)!.size === undefined) entry.fail('follows a member of variable size');
    const member = { ...readMember(entry, offset, definitions, find), ...readLengthMember(entry, members) };
    if (member.property !== '' && properties.has(member.property)) entry.fail(`another member has the property '${member.property}'`);
    properties.add(member.property);
    members.push(member);
    offset += member.size ?? 0;
  }
  const minimum = node.find('minimum')?.integer(1, offset);
  const grows = node.flag('grows');
  if (grows === true && members.at(-1)?.size === undefined) node.fail('a struct that grows cannot have a member of variable size');
  return { name: node.textOf('name'), size: offset, ...omitUndefined({ minimum, grows }), members };
}

function readMember(node: SpecNode, offset: number, definitions: Definitions, find: StructFinder): MemberSchema {
  node.allowKeys(...MEMBER_KEYS);
  const name = node.textOf('name');
  const type = node.choice('type', MEMBER_TYPES);
  const length = readLength(node, definitions);
  if (type === 'pad') return { name, property: '', type, offset, size: length ?? node.fail("a pad needs 'len'") };
  const property = camelCase(name);
  if (property === '') node.fail('the name has no letters; expected a name that gives a property');
  const common = { ...readCommon(node, definitions), ...readSecret(node) };
  const width = WIDTHS[type];
  if (width !== undefined) {
    if (length !== undefined && length !== width) node.fail(`${type} has ${width} bytes, not ${length}`);
    return {
      name,
      property,
      type,
      ...common,
      ...readAddress(node),
      offset,
      size: width,
      ...readChecks(node, definitions),
      ...readMaskOf(node),
      ...readMemberRule(node),
      ...readDefault(node),
      ...readOnly(node),
    };
  }
  if (node.has('default') && !node.has('sub-type')) node.get('default').fail('only integers can have a default');
  const member = { name, property, type, offset, ...omitUndefined({ size: length }) };
  if (type === 'sub-message') return { ...member, ...readUnion(node) };
  if (node.has('struct')) return { ...member, ...common, ...readNestedStruct(node, length, find) };
  if (node.has('sub-type')) {
    const element = node.textOf('sub-type');
    if (!isScalar(element) || WIDTHS[element] === undefined) return node.get('sub-type').fail(`'${element}' is not supported`);
    return { ...member, element: { type: element, ...common }, ...readDefault(node, (length ?? 0) / WIDTHS[element]) };
  }
  return { ...member, ...common, ...readAddress(node) };
}

/** Reads the name of the field that a member is the mask of. */
function readMaskOf(node: SpecNode): Pick<MemberSchema, 'maskOf'> {
  const mask = node.find('mask-of');
  if (mask === undefined) return {};
  mask.allowKeys('member', 'operations');
  return { maskOf: { property: camelCase(mask.textOf('member')), operations: mask.list('operations').map((name) => name.text()) } };
}

function readNestedStruct(
  node: SpecNode,
  length: number | undefined,
  find: StructFinder,
): Pick<MemberSchema, 'struct' | 'repeated' | 'size'> {
  const reference = node.get('struct');
  const struct = find(reference.text()) ?? reference.fail(`no struct '${reference.text()}' is defined, or it holds itself`);
  const variable = struct.members.at(-1)?.size === undefined && struct.members.length > 0;
  const counted = struct.members.at(-1)?.lengthMember !== undefined;
  if (variable && !(counted && node.isTrue('repeated'))) reference.fail('a struct of variable size cannot be a member');
  if (node.isTrue('repeated')) return { struct: struct.name, repeated: true, ...omitUndefined({ size: length }) };
  if (length !== undefined && length !== struct.size) node.fail(`the struct has ${struct.size} bytes, not ${length}`);
  return { struct: struct.name, size: struct.size };
}

function readLength(node: SpecNode, { constants }: Definitions): number | undefined {
  const length = node.find('len');
  if (length === undefined) return undefined;
  if (typeof length.value !== 'string') return length.integer(0, 65531);
  const value = constants.get(length.value);
  return typeof value === 'number' ? value : length.fail(`no number '${length.value}' is defined`);
}
