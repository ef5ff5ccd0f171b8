import { omitUndefined } from '../../../check/index.js';
import type { AttributeSetSchema, MemberWriteRule, WriteRule } from '../../../schema/index.js';
import { camelCase } from '../../names.js';
import type { SpecNode } from '../spec-node.js';

/** Reads `write`: the rule for an attribute of a reply that is written in a request. @internal */
export function readWriteRule(attribute: SpecNode): { readonly write?: WriteRule } {
  const node = attribute.find('write');
  if (node === undefined) return {};
  node.allowKeys(
    'never',
    'not-zero',
    'mask',
    'add',
    'with',
    'without',
    'omit',
    'instead',
    'beside',
    'replace',
    'last-byte',
    'fill',
    'also-in',
  );
  const write: WriteRule = {
    ...omitUndefined({ never: node.flag('never') }),
    ...omitUndefined({ notZero: node.flag('not-zero') }),
    ...readMask(node),
    ...omitUndefined({ add: node.find('add')?.integer(1, 0xffff) }),
    ...readProperties(node, 'with'),
    ...readProperties(node, 'without'),
    ...readOmit(node),
    ...readInstead(node),
    ...readBeside(node),
    ...readReplace(node),
    ...readLastByte(node),
    ...readFill(node),
    ...readAlsoIn(node),
  };
  return Object.keys(write).length === 0 ? node.fail('must hold at least one rule') : { write };
}

/** Reads `write` of a member of a struct: the bits of an integer that a request may have. @internal */
export function readMemberRule(member: SpecNode): { readonly write?: MemberWriteRule } {
  const node = member.find('write');
  if (node === undefined) return {};
  node.allowKeys('mask', 'replace', 'bits-with');
  return { write: { ...readMask(node), ...readReplace(node), ...readBitsWith(node) } };
}

/** Checks that the rules of a set refer to attributes of the set, or to fields of a header. @internal */
export function checkWriteRules(node: SpecNode, { attributes }: AttributeSetSchema): void {
  const properties = new Set(attributes.map(({ property }) => property));
  for (const { name, write } of attributes) {
    const { with: needed = [], without = [], omit, instead, beside, lastByte, fill, alsoIn } = write ?? {};
    const others = [omit, instead, beside, lastByte].flatMap((other) => other?.property ?? []);
    const paths = [fill?.beside, fill?.member?.path, alsoIn].flatMap((path) => path?.[0] ?? []);
    const named = [...needed, ...without, ...(beside?.without ?? []), ...others, ...paths];
    const missing = named.find((property) => !properties.has(property));
    if (missing !== undefined) node.fail(`'write' of '${name}' refers to '${missing}', which is not in the set`);
  }
}

function readMask(node: SpecNode): Pick<WriteRule, 'mask'> {
  const mask = node.find('mask');
  return mask === undefined ? {} : { mask: mask.integer(0, Number.MAX_SAFE_INTEGER) };
}

function readProperties(node: SpecNode, key: 'with' | 'without'): Pick<WriteRule, 'with' | 'without'> {
  return node.has(key) ? { [key]: node.list(key).map((name) => camelCase(name.text())) } : {};
}

function readOmit(node: SpecNode): Pick<WriteRule, 'omit'> {
  const entry = node.find('omit');
  if (entry === undefined) return {};
  entry.allowKeys('value', 'attribute', 'values');
  const values = entry.list('values').flatMap((name) => [name.text(), ...(/^\d+$/.test(name.text()) ? [Number(name.text())] : [])]);
  return { omit: { value: entry.get('value').integer(0, 0xffffffff), property: camelCase(entry.textOf('attribute')), values } };
}

function readInstead(node: SpecNode): Pick<WriteRule, 'instead'> {
  const entry = node.find('instead');
  if (entry === undefined) return {};
  entry.allowKeys('attribute', 'member', 'divisor');
  const [property, member] = [camelCase(entry.textOf('attribute')), camelCase(entry.textOf('member'))];
  return { instead: { property, member, divisor: entry.get('divisor').integer(1, 0xffffffff) } };
}

function readBeside(node: SpecNode): Pick<WriteRule, 'beside'> {
  const entry = node.find('beside');
  if (entry === undefined) return {};
  entry.allowKeys('attribute', 'value', 'without');
  const property = camelCase(entry.textOf('attribute'));
  return { beside: { property, value: entry.get('value').integer(0, 0xffffffff), ...readProperties(entry, 'without') } };
}

function readReplace(node: SpecNode): Pick<WriteRule, 'replace'> {
  const replace = node.list('replace').map((entry) => {
    entry.allowKeys('read', 'written');
    return { read: entry.get('read').integer(0, 0xffffffff), written: entry.get('written').integer(0, 0xffffffff) };
  });
  return replace.length === 0 ? {} : { replace };
}

function readLastByte(node: SpecNode): Pick<WriteRule, 'lastByte'> {
  const entry = node.find('last-byte');
  if (entry === undefined) return {};
  entry.allowKeys('attribute', 'base');
  return { lastByte: { property: camelCase(entry.textOf('attribute')), base: entry.textOf('base') } };
}

function readFill(node: SpecNode): Pick<WriteRule, 'fill'> {
  const entry = node.find('fill');
  if (entry === undefined) return {};
  entry.allowKeys('beside', 'size', 'ramp', 'member');
  const [ramp, member] = [entry.find('ramp'), entry.find('member')];
  ramp?.allowKeys('to', 'over');
  member?.allowKeys('path', 'value');
  return {
    fill: {
      beside: readPath(entry.get('beside')),
      size: entry.get('size').integer(1, 0xffff),
      ...omitUndefined({
        ramp: ramp && { to: ramp.get('to').integer(1, 0xff), over: ramp.get('over').integer(1, 0xffff) },
        member: member && { path: readPath(member.get('path')), value: member.get('value').integer(1, 0xffffffff) },
      }),
    },
  };
}

function readAlsoIn(node: SpecNode): Pick<WriteRule, 'alsoIn'> {
  const path = node.find('also-in');
  return path === undefined ? {} : { alsoIn: readPath(path) };
}

/** Reads the path of a value, the kernel's names with dots between: `tbf.rate.rate`. */
function readPath(node: SpecNode): string[] {
  return node
    .text()
    .split('.')
    .map((name) => camelCase(name));
}

function readBitsWith(node: SpecNode): Pick<MemberWriteRule, 'bitsWith'> {
  const entry = node.find('bits-with');
  if (entry === undefined) return {};
  entry.allowKeys('attribute', 'bits');
  return { bitsWith: { property: camelCase(entry.textOf('attribute')), bits: entry.get('bits').integer(1, 0xffffffff) } };
}
