import { omitUndefined } from '../../check/index.js';
import type {
  AttributeSchema,
  AttributeSetSchema,
  CheckSchema,
  FamilySchema,
  ModeSchema,
  OperationSchema,
  StructSchema,
  ValueType,
} from '../../schema/index.js';
import { OpFlags, type GetfamilyReply, type GetpolicyReply, type PolicyAttrs } from '../generated/nlctrl.js';

/** A command of a family with the kernel's policies of its requests. @internal */
export interface CommandPolicies {
  readonly id: number;
  /** {@link OpFlags} */
  readonly flags: number;
  /** The policies, if the command has any. */
  readonly policies?: GetpolicyReply;
}

/** The kinds of values whose name is not the one of the policy. A nest without a known policy has unknown attributes. */
const KINDS: Readonly<Record<string, ValueType>> = {
  'nul-string': 'string',
  nested: 'nest',
  'nested-array': 'indexed-array',
};

/** The set of nests whose attributes the kernel does not report, and of commands without a policy. */
const UNKNOWN = 'unknown';
const HEADER = 'header';

/**
 * Returns a descriptor from the kernel's policies: operations and attributes have their numbers as names.
 *
 * @param typed - Replies have the attributes of requests; otherwise all their attributes are unknown ones.
 * @internal
 */
export function policySchema(family: GetfamilyReply, commands: readonly CommandPolicies[], typed: boolean): FamilySchema {
  const { familyName: name = '', version = 1, hdrsize = 0, mcastGroups = [] } = family;
  return {
    schema: 1,
    name,
    source: name,
    protocol: 16,
    generic: { version },
    enums: [],
    structs: hdrsize === 0 ? [] : [headerOf(hdrsize)],
    sets: [{ name: UNKNOWN, attributes: [] }, ...commands.flatMap(setsOf)],
    subMessages: [],
    operations: commands.map((command) => operationOf(command, hdrsize, typed)),
    groups: mcastGroups.flatMap(({ name: group }) => (group === undefined ? [] : [{ name: group }])),
  };
}

/** Returns the user header of a family as bytes. */
function headerOf(size: number): StructSchema {
  return { name: HEADER, size, members: [{ name: HEADER, property: HEADER, type: 'binary', offset: 0, size }] };
}

function setName(command: number, policy: number): string {
  return `${String(command)}/${String(policy)}`;
}

/**
 * Returns a set for each policy of a command; their indexes are those of this command's policies.
 *
 * The kernel names a policy without attributes, and reports nothing else about it: Linux 7.3 has such ones for dumps of netdev.
 */
function setsOf({ id, policies: { opPolicy = [], policy: rows = [] } = {} }: CommandPolicies): AttributeSetSchema[] {
  const named = [...opPolicy.flatMap((mode) => [mode.do, mode.dump]), ...rows.map(({ policyIdx }) => policyIdx)];
  const sets = new Map<number, AttributeSchema[]>(named.flatMap((policy) => (policy === undefined ? [] : [[policy, []]])));
  for (const { policyId = 0, attrId = 0, ...policy } of rows) {
    const attributes = sets.get(policyId) ?? [];
    sets.set(policyId, attributes);
    if (policy.type !== 'invalid') attributes.push(attributeOf(id, attrId, policy));
  }
  return [...sets].map(([policy, attributes]) => ({ name: setName(id, policy), attributes }));
}

function attributeOf(command: number, id: number, policy: PolicyAttrs): AttributeSchema {
  const { type: found = 'binary', policyIdx } = policy;
  const text = String(found);
  // A type of a newer kernel is read and written as bytes.
  const type = KINDS[text] ?? (typeof found === 'number' ? 'binary' : (found as ValueType));
  const set = policyIdx === undefined ? UNKNOWN : setName(command, policyIdx);
  const common = { name: String(id), property: String(id), id };
  if (type === 'nest') return { ...common, type, set };
  if (type === 'indexed-array') return { ...common, type, element: { type: 'nest', set } };
  return { ...common, type, ...checksOf(policy) };
}

function checksOf({
  minValueS,
  maxValueS,
  minValueU,
  maxValueU,
  minLength,
  maxLength,
  mask,
}: PolicyAttrs): Pick<AttributeSchema, 'checks'> {
  const checks: CheckSchema = omitUndefined({
    min: minValueS ?? minValueU,
    max: maxValueS ?? maxValueU,
    flagsMask: mask,
    ...(minLength !== undefined && minLength === maxLength ? { exactLength: minLength } : { minLength, maxLength }),
  });
  return Object.keys(checks).length === 0 ? {} : { checks };
}

function operationOf({ id, flags, policies }: CommandPolicies, hdrsize: number, typed: boolean): OperationSchema {
  const fixedHeader = hdrsize === 0 ? undefined : HEADER;
  const [simple, dump] = policies?.opPolicy?.[0] === undefined ? [] : [policies.opPolicy[0].do, policies.opPolicy[0].dump];
  const nameOf = (policy: number | undefined): string => (policy === undefined ? UNKNOWN : setName(id, policy));
  const set = typed ? nameOf(simple ?? dump) : UNKNOWN;
  const mode = (policy: number | undefined): ModeSchema => ({
    request: id,
    reply: id,
    ...omitUndefined({ input: nameOf(policy) === set ? undefined : omitUndefined({ set: nameOf(policy), fixedHeader }) }),
  });
  const permission: OperationSchema['permission'] =
    flags & OpFlags.AdminPerm ? 'admin-perm' : flags & OpFlags.UnsAdminPerm ? 'uns-admin-perm' : undefined;
  return {
    name: String(id),
    set,
    ...omitUndefined({
      fixedHeader,
      do: flags & OpFlags.CmdCapDo ? mode(simple) : undefined,
      dump: flags & OpFlags.CmdCapDump ? mode(dump) : undefined,
      permission,
    }),
  };
}
