import { omitUndefined } from '../../lib/check/index.js';
import type { AttributeSetSchema, FamilySchema, StructSchema } from '../../lib/schema/descriptor/descriptor.js';
import { isFlush } from './is-flush.js';
import { isBigEndian } from './compile.js';
import { enumerator, notificationExpressions, replyExpression, requestExpression, type HeaderNames } from './header-names.js';

/** The prefix of sets and enums without an entry in the names; no header contains it. */
const NO_PREFIX = 'PREFIX_OF_SET_OR_ENUM_IS_NOT_KNOWN_';

const INTEGER = /^[us](8|16|32|64)$/;

/** One number of a descriptor and the C expression that should have it. */
export interface Probe {
  /** A description such as `attribute link-attrs/ifname`. */
  readonly subject: string;
  readonly described: bigint;
  readonly expression: string;
  /** Other names; the first name that the headers contain applies. */
  readonly otherwise?: string;
  /** True if the headers may lack it, because the attribute is unused. */
  readonly optional?: true;
}

/** Returns everything of a family that is a C expression. */
export function probesOf(schema: FamilySchema, headerNames: HeaderNames): Probe[] {
  return [
    ...schema.structs.flatMap((struct) => structProbes(struct, headerNames)),
    ...schema.sets.flatMap((set) => setProbes(set, schema, headerNames)),
    ...enumProbes(schema, headerNames),
    ...operationProbes(schema, headerNames),
    ...groupProbes(schema, headerNames),
    ...errorProbes(schema),
  ];
}

function structProbes(struct: StructSchema, { structs = {}, members = {}, names = {} }: HeaderNames): Probe[] {
  const type = structs[struct.name] ?? `struct ${identifier(struct.name)}`;
  const open = struct.members.some(({ size }) => size === undefined);
  const subject = `struct ${struct.name}`;
  const probes: Probe[] = [
    struct.grows === true
      ? // Headers of an older kernel have a shorter one; their members are compared one by one.
        { subject, described: 1n, expression: `sizeof(${type}) <= ${struct.size}` }
      : { subject, described: BigInt(struct.size), expression: `sizeof(${type})` },
  ];
  for (const { name, offset, size, type: kind, byteOrder } of struct.members) {
    const member = names[`${struct.name}/${name}`] ?? (members[struct.name] ?? '') + identifier(name);
    const subject = `member ${struct.name}/${name}`;
    const optional = kind === 'pad' ? ({ optional: true } as const) : {};
    probes.push({ subject: `${subject} offset`, described: BigInt(offset), expression: `offsetof(${type}, ${member})`, ...optional });
    if (INTEGER.test(kind)) {
      const value = `((${type} *)0)->${member}`;
      probes.push({ subject: `${subject} big-endian`, described: byteOrder === 'big' ? 1n : 0n, expression: isBigEndian(value) });
      const signed = kind.startsWith('s') ? 1n : 0n;
      probes.push({ subject: `${subject} signed`, described: signed, expression: `(__typeof__(${value}))-1 < 0`, optional: true });
    }
    if (size === undefined || (open && size === 0)) continue;
    probes.push({ subject: `${subject} size`, described: BigInt(size), expression: `sizeof(((${type} *)0)->${member})`, ...optional });
  }
  return probes;
}

function setProbes(set: AttributeSetSchema, schema: FamilySchema, headerNames: HeaderNames): Probe[] {
  const { expressions } = expressionsOf(set, schema, headerNames);
  return set.attributes.map(({ name, id, type }, index) => {
    const optional = type === 'pad' || type === 'unused';
    const expression = expressions[index]!;
    return {
      subject: `attribute ${set.name}/${name}`,
      described: BigInt(id),
      expression,
      ...omitUndefined({ optional: optional || undefined }),
    };
  });
}

/** The names of a set's attributes in the headers. */
export interface AttributeExpressions {
  /** The set. */
  readonly name: string;
  readonly prefix: string;
  readonly ids: readonly number[];
  readonly expressions: readonly string[];
}

/** Returns the names of all attributes in the headers, set by set. */
export function attributeExpressions(schema: FamilySchema, headerNames: HeaderNames): AttributeExpressions[] {
  return schema.sets.map((set) => expressionsOf(set, schema, headerNames));
}

function expressionsOf(set: AttributeSetSchema, schema: FamilySchema, { sets, names = {} }: HeaderNames): AttributeExpressions {
  const source = sets[set.name] === undefined ? lender(set, schema) : set;
  const prefix = sets[source.name] ?? NO_PREFIX;
  return {
    name: set.name,
    prefix,
    ids: set.attributes.map(({ id }) => id),
    expressions: set.attributes.map(
      ({ name }) => names[`${set.name}/${name}`] ?? names[`${source.name}/${name}`] ?? enumerator(prefix, name),
    ),
  };
}

/** Returns the set whose numbers a subset has. */
function lender(set: AttributeSetSchema, schema: FamilySchema): AttributeSetSchema {
  const other = set.subsetOf === undefined ? undefined : schema.sets.find(({ name }) => name === set.subsetOf);
  return other === undefined ? set : lender(other, schema);
}

function enumProbes({ enums: described }: FamilySchema, { enums = {}, names = {} }: HeaderNames): Probe[] {
  return described.flatMap(({ name, entries }) =>
    entries.map(([entry, value]) => ({
      subject: `entry ${name}/${entry}`,
      described: BigInt(value),
      expression: names[`${name}/${entry}`] ?? enumerator(enums[name] ?? NO_PREFIX, entry),
    })),
  );
}

/** An error has the kernel's own name. */
function errorProbes({ errors = [] }: FamilySchema): Probe[] {
  return errors.map(({ name, value }) => ({ subject: `error ${name}`, described: BigInt(value), expression: name }));
}

function operationProbes(schema: FamilySchema, headerNames: HeaderNames): Probe[] {
  return schema.operations.flatMap((operation) => {
    if (isFlush(schema, operation)) return [];
    const { name, do: simple, dump, command } = operation;
    const probes: Probe[] = [];
    const add = (what: string, described: number | undefined, expression: string): void => {
      if (described !== undefined) probes.push({ subject: `${what} ${name}`, described: BigInt(described), expression });
    };
    if (command !== undefined) {
      const [expression, otherwise] = notificationExpressions(headerNames, name);
      probes.push({ subject: `command ${name}`, described: BigInt(command), expression, otherwise });
    }
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
    const expression = names[`group/${name}`] ?? enumerator('', `${prefix ?? ''}${name}`);
    const otherwise = enumerator('', name);
    return [{ subject: `group ${name}`, described: BigInt(number), expression, otherwise }];
  });
}

function identifier(name: string): string {
  return name.replaceAll(/[-\s]/g, '_');
}
