import type { AttributeSetSchema, FamilySchema, StructSchema } from '../../lib/schema/descriptor.js';
import { enumerator, replyExpression, requestExpression, type HeaderNames } from './header-names.js';

/** One number of a descriptor and the C expression that should have it. */
export interface Probe {
  /** What it is: `attribute link-attrs/ifname`. */
  readonly subject: string;
  readonly described: bigint;
  readonly expression: string;
  /** It may be missing from the headers: nobody uses it. */
  readonly optional?: true;
}

/** Everything of a family that can be put into C. Throws where the names say nothing of a set or an enum. */
export function probesOf(schema: FamilySchema, headerNames: HeaderNames): Probe[] {
  return [
    ...schema.structs.flatMap((struct) => structProbes(struct, headerNames)),
    ...schema.sets.flatMap((set) => setProbes(set, schema, headerNames)),
    ...enumProbes(schema, headerNames),
    ...operationProbes(schema, headerNames),
    ...groupProbes(schema, headerNames),
  ];
}

function structProbes(struct: StructSchema, { structs = {}, members = {}, names = {} }: HeaderNames): Probe[] {
  const type = structs[struct.name] ?? `struct ${identifier(struct.name)}`;
  const open = struct.members.some(({ size }) => size === undefined);
  const probes: Probe[] = [{ subject: `struct ${struct.name}`, described: BigInt(struct.size), expression: `sizeof(${type})` }];
  for (const { name, offset, size, type: kind } of struct.members) {
    const member = names[`${struct.name}/${name}`] ?? (members[struct.name] ?? '') + identifier(name);
    const subject = `member ${struct.name}/${name}`;
    const optional = kind === 'pad' ? ({ optional: true } as const) : {};
    probes.push({ subject: `${subject} offset`, described: BigInt(offset), expression: `offsetof(${type}, ${member})`, ...optional });
    if (size === undefined || (open && size === 0)) continue;
    probes.push({ subject: `${subject} size`, described: BigInt(size), expression: `sizeof(((${type} *)0)->${member})`, ...optional });
  }
  return probes;
}

function setProbes(set: AttributeSetSchema, schema: FamilySchema, { sets, names = {} }: HeaderNames): Probe[] {
  const source = sets[set.name] === undefined ? lender(set, schema) : set;
  return set.attributes.map(({ name, id, type }) => {
    const own = names[`${set.name}/${name}`] ?? names[`${source.name}/${name}`];
    const expression = own ?? enumerator(required(sets, source.name, `set ${set.name} of ${schema.source}`), name);
    const optional = type === 'pad' || type === 'unused';
    return { subject: `attribute ${set.name}/${name}`, described: BigInt(id), expression, ...(optional ? { optional } : {}) };
  });
}

/** The set whose numbers a subset has. */
function lender(set: AttributeSetSchema, schema: FamilySchema): AttributeSetSchema {
  const other = set.subsetOf === undefined ? undefined : schema.sets.find(({ name }) => name === set.subsetOf);
  return other === undefined ? set : lender(other, schema);
}

function enumProbes({ enums: described, source }: FamilySchema, { enums = {}, names = {} }: HeaderNames): Probe[] {
  return described.flatMap(({ name, entries }) =>
    entries.map(([entry, value]) => ({
      subject: `entry ${name}/${entry}`,
      described: BigInt(value),
      expression: names[`${name}/${entry}`] ?? enumerator(required(enums, name, `enum ${name} of ${source}`), entry),
    })),
  );
}

function operationProbes({ operations }: FamilySchema, headerNames: HeaderNames): Probe[] {
  return operations.flatMap(({ name, do: simple, dump, command }) => {
    const probes: Probe[] = [];
    const add = (what: string, described: number | undefined, expression: string): void => {
      if (described !== undefined) probes.push({ subject: `${what} ${name}`, described: BigInt(described), expression });
    };
    add('command', command, requestExpression(headerNames, name));
    add('do request', simple?.request, requestExpression(headerNames, name));
    add('dump request', dump?.request, requestExpression(headerNames, name));
    add('do reply', simple?.reply, replyExpression(headerNames, name, 'do'));
    add('dump reply', dump?.reply, replyExpression(headerNames, name, 'dump'));
    return probes;
  });
}

function groupProbes({ groups }: FamilySchema, { groups: prefix, names = {} }: HeaderNames): Probe[] {
  return groups.flatMap(({ name, number }) => {
    if (number === undefined) return [];
    const expression = names[`group/${name}`] ?? enumerator('', name.startsWith('rtnlgrp') ? name : `${prefix ?? ''}${name}`);
    return [{ subject: `group ${name}`, described: BigInt(number), expression }];
  });
}

function required(names: Readonly<Record<string, string>>, name: string, what: string): string {
  const found = names[name];
  if (found === undefined) throw new Error(`scripts/check-specs/names does not say how the headers name ${what}`);
  return found;
}

function identifier(name: string): string {
  return name.replaceAll(/[-\s]/g, '_');
}
