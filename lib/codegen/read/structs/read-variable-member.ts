import { omitUndefined } from '../../../check/index.js';
import type { MemberSchema } from '../../../schema/index.js';
import { camelCase } from '../../names.js';
import type { SpecNode } from '../spec-node.js';

/** Reads the member that holds the size of a last member, and the unit of it. @internal */
export function readLengthMember(node: SpecNode, before: readonly MemberSchema[]): Pick<MemberSchema, 'lengthMember' | 'lengthUnit'> {
  const reference = node.find('length-member');
  if (reference === undefined) return node.has('length-unit') ? node.get('length-unit').fail("needs 'length-member'") : {};
  if (node.has('len')) reference.fail("a member with 'len' has a fixed size");
  const length = before.find(({ name }) => name === reference.text());
  if (length === undefined || !/^u(?:8|16|32)$/.test(length.type))
    return reference.fail(`no member before this one is an unsigned integer '${reference.text()}'`);
  const unit = node.has('length-unit') ? node.choice('length-unit', ['bits', 'elements']) : undefined;
  if (unit === 'elements' && !node.has('sub-type') && !node.has('struct')) node.get('length-unit').fail('the member has no elements');
  return { lengthMember: length.name, ...omitUndefined({ lengthUnit: unit }) };
}

/** Reads a union, whose format another member selects; `checkStructs` checks the references. @internal */
export function readUnion(node: SpecNode): Pick<MemberSchema, 'subMessage' | 'selector'> {
  const selector = node.textOf('selector');
  return { subMessage: node.textOf('sub-message'), selector: { name: selector, property: camelCase(selector) } };
}
