import type { FamilySchema, FormatSchema, MemberSchema, StructSchema } from '../../../schema/index.js';
import type { SpecNode } from '../spec-node.js';
import { isScalar, WIDTHS } from '../value-type.js';

/** The parts of a descriptor in which structs are used. */
type Parts = Pick<FamilySchema, 'enums' | 'structs' | 'sets' | 'subMessages' | 'operations'>;

/** Checks the unions in structs, and that no attributes follow a struct that takes the rest of the message. @internal */
export function checkStructs(root: SpecNode, parts: Parts): void {
  for (const struct of parts.structs) {
    for (const member of struct.members) {
      if (member.subMessage === undefined) continue;
      const reason = unionFault(parts, struct, member);
      if (reason !== undefined) root.fail(`definitions[${struct.name}].members[${member.name}]: ${reason}`);
    }
  }
  checkHeaders(root, parts);
}

function unionFault(
  { enums, structs, subMessages }: Parts,
  { members }: StructSchema,
  { subMessage, selector, size }: MemberSchema,
): string | undefined {
  const formats = subMessages.find(({ name }) => name === subMessage)?.formats;
  if (formats === undefined) return `no sub-message '${subMessage!}' is defined`;
  const chooser = members.find(({ name }) => name === selector!.name);
  if (chooser?.size === undefined || (chooser.type !== 'string' && !isScalar(chooser.type)))
    return `no member of the struct is a string or an integer '${selector!.name}'`;
  const entries = enums.find(({ name }) => name === chooser.enum)?.entries.map(([entry]) => entry);
  for (const format of formats) {
    const { value } = format;
    if (entries?.includes(value) === false) return `'${value}' is not an entry of '${chooser.enum!}'`;
    if (entries === undefined && chooser.type !== 'string' && !/^\d+$/.test(value)) return `'${value}' is not a number`;
    const least = formatSize(structs, format);
    if (typeof least === 'string') return `'${value}': ${least}`;
    if (size !== undefined && least > size) return `'${value}' has ${least} bytes, the union ${size}`;
  }
  return undefined;
}

/** Returns the bytes of a format in a union, or the reason why it cannot be one. */
function formatSize(structs: readonly StructSchema[], { set, content, fixedHeader }: FormatSchema): number | string {
  if (set !== undefined) return 'attributes cannot be in a union';
  if (content !== undefined && !['binary', 'string'].includes(content.type) && WIDTHS[content.type] === undefined)
    return `a value of type '${content.type}' cannot be in a union`;
  const struct = structs.find(({ name }) => name === (fixedHeader ?? content?.struct));
  return struct?.size ?? WIDTHS[content?.type ?? ''] ?? 0;
}

function checkHeaders(root: SpecNode, { operations, sets, subMessages, structs }: Parts): void {
  const takesRest = new Set(
    structs
      .filter(({ members }) => members.some(({ size, lengthMember }) => size === undefined && lengthMember === undefined))
      .map(({ name }) => name),
  );
  const check = (place: string, header: string | undefined, set: string | undefined): void => {
    if (set !== undefined && header !== undefined && takesRest.has(header))
      root.fail(`${place}: '${header}' takes the rest of the message, so '${set}' cannot follow it`);
  };
  for (const { name, do: run, dump, ...shape } of operations) {
    for (const { fixedHeader, set } of [shape, run?.input ?? shape, dump?.input ?? shape]) check(`operations[${name}]`, fixedHeader, set);
  }
  for (const { name, formats } of subMessages) for (const { fixedHeader, set } of formats) check(`sub-messages[${name}]`, fixedHeader, set);
  for (const { name, attributes } of sets) for (const { struct, set } of attributes) check(`attribute-sets[${name}]`, struct, set);
}
