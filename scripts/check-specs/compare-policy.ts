import type { AttributeSetSchema, FamilySchema, OperationSchema, ValueSchema, ValueType } from '../../lib/schema/descriptor/descriptor.js';
import { KINDS } from '../../lib/schema/internal.js';
import type { Difference } from './compare.js';
import { isFlush } from './is-flush.js';
import type { KernelFamily, PolicyAttribute } from './kernel-policy.js';

/** The widths of integers. The kernel's policies describe some integers as bytes of this length. */
const WIDTHS: Partial<Record<ValueType, number>> = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, u64: 8, s64: 8 };

/** The result of comparing a family with the kernel's policies. */
export interface PolicyComparison {
  readonly family: string;
  /** The number of compared attributes; an attribute counts once for each set that contains it. */
  readonly compared: number;
  /** The number of operations that have a policy. */
  readonly operations: number;
  readonly differences: readonly Difference[];
}

/** Compares the kernel's policies with a descriptor: types, nests, limits that reject valid values, group names. */
export function compareWithPolicies(schema: FamilySchema, kernel: KernelFamily): PolicyComparison {
  const walk = new Walk(schema, kernel);
  let operations = 0;
  for (const operation of schema.operations.filter((one) => !isFlush(schema, one))) {
    for (const mode of ['do', 'dump'] as const) {
      const request = operation[mode]?.request;
      const policy = request === undefined ? undefined : kernel.commands.get(request)?.[mode];
      if (policy === undefined) continue;
      operations++;
      const set = requestSet(operation, mode);
      // Several operations may share a command and its policy.
      const others = schema.operations.filter((other) => other !== operation && other[mode]?.request === request);
      if (set === undefined) walk.unset(policy, operation.name);
      else walk.compare(policy, set, walk.idsOf(others.map((other) => requestSet(other, mode))));
    }
  }
  for (const group of kernel.groups)
    if (schema.groups.every(({ name }) => name !== group)) walk.differ(`group ${group}`, 'nothing', 'a multicast group');
  return { family: schema.source, compared: walk.compared, operations, differences: walk.differences };
}

function requestSet({ set, ...modes }: OperationSchema, mode: 'do' | 'dump'): string | undefined {
  const input = modes[mode]?.input;
  return input === undefined ? set : input.set;
}

class Walk {
  compared = 0;
  readonly differences: Difference[] = [];
  readonly #met = new Set<string>();
  readonly #sets: ReadonlyMap<string, AttributeSetSchema>;
  readonly #schema: FamilySchema;
  readonly #kernel: KernelFamily;

  constructor(schema: FamilySchema, kernel: KernelFamily) {
    this.#schema = schema;
    this.#kernel = kernel;
    this.#sets = new Map(schema.sets.map((set) => [set.name, set]));
  }

  differ(subject: string, described: string, found: string): void {
    if (this.differences.some((difference) => difference.subject === subject && difference.found === found)) return;
    this.differences.push({ family: this.#schema.source, subject: `policy ${subject}`, described, found });
  }

  /** Reports an operation whose policy has attributes and whose descriptor has none. */
  unset(policy: number, operation: string): void {
    const taken = [...(this.#kernel.policies.get(policy)?.values() ?? [])].filter(({ type }) => type !== 'invalid');
    if (taken.length > 0) this.differ(`operation ${operation}`, 'no attributes', `${String(taken.length)} attributes`);
  }

  /** Returns the numbers of the attributes of sets. */
  idsOf(sets: readonly (string | undefined)[]): ReadonlySet<number> {
    return new Set(sets.flatMap((name) => (name === undefined ? [] : this.#sets.get(name)!.attributes.map(({ id }) => id))));
  }

  /** @param elsewhere - The numbers of attributes that other operations with the same policy describe. */
  compare(policy: number, setName: string, elsewhere: ReadonlySet<number> = new Set()): void {
    const key = `${String(policy)} ${setName}`;
    if (this.#met.has(key)) return;
    this.#met.add(key);
    const set = this.#sets.get(setName)!;
    for (const taken of this.#kernel.policies.get(policy)?.values() ?? [])
      if (taken.type !== 'invalid') this.#attribute(taken, set, elsewhere);
  }

  #attribute(taken: PolicyAttribute, set: AttributeSetSchema, elsewhere: ReadonlySet<number>): void {
    const attribute = set.attributes.find(({ id, type }) => id === taken.id && type !== 'pad' && type !== 'unused');
    if (attribute === undefined) {
      if (elsewhere.has(taken.id)) return;
      this.differ(`attribute ${set.name}/${String(taken.id)}`, 'nothing', taken.type);
      return;
    }
    this.compared++;
    const subject = `attribute ${set.name}/${attribute.name}`;
    const written = attribute.input ?? attribute;
    if (!fits(written, taken)) this.differ(subject, written.type, kernelText(taken));
    for (const problem of tooStrict(written, taken)) this.differ(subject, problem, kernelText(taken));
    const inner = written.set ?? written.element?.set;
    if (taken.nested !== undefined && inner !== undefined) this.#nested(taken, written, inner);
  }

  #nested(taken: PolicyAttribute, attribute: ValueSchema, set: string): void {
    // The policy of a nest of nests is one level above the policy of its elements.
    if (attribute.type === 'indexed-array' && taken.type === 'nested') {
      for (const element of this.#kernel.policies.get(taken.nested!)?.values() ?? [])
        if (element.nested !== undefined) this.compare(element.nested, set);
    } else if (attribute.type !== 'nest-type-value') {
      this.compare(taken.nested!, set);
    }
  }
}

function fits(attribute: ValueSchema, taken: PolicyAttribute): boolean {
  if (taken.type !== 'binary') return KINDS[attribute.type].policyTypes.includes(taken.type);
  const width = WIDTHS[attribute.type];
  return width === undefined || taken.maxLength === undefined || width <= taken.maxLength;
}

/** Returns the limits of the descriptor that reject values which the kernel accepts. */
function tooStrict({ checks = {} }: ValueSchema, taken: PolicyAttribute): string[] {
  const problems: string[] = [];
  const longest = checks.exactLength ?? checks.maxLength;
  const shortest = checks.exactLength ?? checks.minLength;
  if (checks.min !== undefined && taken.min !== undefined && BigInt(checks.min) > taken.min)
    problems.push(`at least ${String(checks.min)}`);
  if (checks.max !== undefined && taken.max !== undefined && BigInt(checks.max) < taken.max) problems.push(`at most ${String(checks.max)}`);
  if (longest !== undefined && taken.maxLength !== undefined && longest < taken.maxLength)
    problems.push(`no longer than ${String(longest)}`);
  if (shortest !== undefined && taken.minLength !== undefined && shortest > taken.minLength)
    problems.push(`no shorter than ${String(shortest)}`);
  return problems;
}

function kernelText({ type, ...limits }: PolicyAttribute): string {
  const { min, max, minLength, maxLength } = limits;
  const range = min === undefined && max === undefined ? '' : ` ${String(min)}..${String(max)}`;
  const length =
    minLength === undefined && maxLength === undefined ? '' : ` of ${String(minLength ?? 0)}..${String(maxLength ?? '')} bytes`;
  return type + range + length;
}
