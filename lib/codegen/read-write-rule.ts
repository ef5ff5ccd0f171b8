import type { AttributeSetSchema, WriteRule } from '../schema/descriptor.js';
import { camelCase } from './names.js';
import type { SpecNode } from './spec-node.js';

/** Reads `write`: what a request carries of an attribute that was read. @internal */
export function readWriteRule(attribute: SpecNode): { readonly write?: WriteRule } {
  const node = attribute.find('write');
  if (node === undefined) return {};
  node.allowKeys('never', 'not-zero', 'mask', 'with', 'without', 'instead');
  const write: WriteRule = {
    ...(node.isTrue('never') ? { never: true } : {}),
    ...(node.isTrue('not-zero') ? { notZero: true } : {}),
    ...readMask(node),
    ...readProperties(node, 'with'),
    ...readProperties(node, 'without'),
    ...readInstead(node),
  };
  return Object.keys(write).length === 0 ? node.fail('must hold a rule') : { write };
}

/** Reads `write` of a member of a fixed header: bits that requests may carry. @internal */
export function readWriteMask(member: SpecNode): { readonly write?: Pick<WriteRule, 'mask'> } {
  const node = member.find('write');
  if (node === undefined) return {};
  node.allowKeys('mask');
  node.get('mask');
  return { write: readMask(node) };
}

/** Checks that the rules of a set refer to attributes of the set, or to fields of a header. @internal */
export function checkWriteRules(node: SpecNode, { attributes }: AttributeSetSchema): void {
  const properties = new Set(attributes.map(({ property }) => property));
  for (const { name, write } of attributes) {
    const named = [...(write?.with ?? []), ...(write?.without ?? []), ...(write?.instead === undefined ? [] : [write.instead.property])];
    const missing = named.find((property) => !properties.has(property));
    if (missing !== undefined) node.fail(`'write' of '${name}' refers to '${missing}', which the set does not have`);
  }
}

function readMask(node: SpecNode): Pick<WriteRule, 'mask'> {
  const mask = node.find('mask');
  return mask === undefined ? {} : { mask: mask.integer(0, Number.MAX_SAFE_INTEGER) };
}

function readProperties(node: SpecNode, key: 'with' | 'without'): Pick<WriteRule, 'with' | 'without'> {
  return node.has(key) ? { [key]: node.list(key).map((name) => camelCase(name.text())) } : {};
}

function readInstead(node: SpecNode): Pick<WriteRule, 'instead'> {
  const entry = node.find('instead');
  if (entry === undefined) return {};
  entry.allowKeys('attribute', 'member', 'divisor');
  const [property, member] = [camelCase(entry.textOf('attribute')), camelCase(entry.textOf('member'))];
  return { instead: { property, member, divisor: entry.get('divisor').integer(1, 0xffffffff) } };
}
