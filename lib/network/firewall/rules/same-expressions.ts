import { SetElemFlags } from '../../../families/nftables.js';
import { registerSlot } from './register-slot.js';
import type { AnonymousSet, CompiledRule, RuleExpression } from './rule-context.js';

type Values = Readonly<Record<string, unknown>>;

/** Flags of address translation that the kernel adds: an address, a port (`NF_NAT_RANGE_MAP_IPS`, `NF_NAT_RANGE_PROTO_SPECIFIED`). */
const IMPLIED_NAT_FLAGS = 3;
/** The flag that a quota was used up (`NFT_QUOTA_F_DEPLETED`). */
const DEPLETED = 2;

/** State that packets change, and defaults that the kernel fills in, by the name of the expression. */
const NORMAL: Readonly<Record<string, (data: Values) => Values>> = {
  counter: () => ({}),
  last: () => ({}),
  quota: ({ consumed: _, ...data }) => ({ ...data, flags: Number(data['flags'] ?? 0) & ~DEPLETED }),
  log: (data) => ({
    ...data,
    ...(data['group'] === undefined ? { level: data['level'] ?? 'warning' } : {}),
    group: data['group'] === undefined ? 'none' : `group ${Number(data['group'])}`,
  }),
  reject: (data) => (data['type'] === 'tcp-rst' ? { type: 'tcp-rst' } : data),
  nat: translation,
  masq: translation,
  redir: translation,
  queue: (data) =>
    data['sregQnum'] === undefined ? { ...data, total: data['total'] ?? 1 } : { sregQnum: data['sregQnum'], flags: data['flags'] },
  bitwise: (data) => ({ ...data, op: data['op'] ?? 'mask-xor' }),
  dynset: ({ expr, expressions, flags: _, ...data }) => ({
    ...data,
    expressions: elementsOf(expressions) ?? (expr === undefined ? [] : [expr]),
  }),
};

/**
 * Returns true if two rules do the same.
 *
 * State that packets change (counters, `last`, the use of a quota) does not count, nor do defaults that the kernel fills in, nor the names of anonymous sets.
 *
 * @internal
 */
export function sameExpressions(one: CompiledRule, other: CompiledRule): boolean {
  return normalText(one) === normalText(other);
}

/** Returns the normal form of a rule: equal texts do the same. @internal */
export function normalText({ expressions, sets }: CompiledRule): string {
  return JSON.stringify(expressions.map((expression) => normalExpression(expression, sets)));
}

function normalExpression({ name = '', data }: RuleExpression, sets: readonly AnonymousSet[]): unknown {
  const values = (data ?? {}) as Values;
  const normal = Object.hasOwn(NORMAL, name) ? NORMAL[name]!(values) : values;
  return [name, normalValues(normal, sets)];
}

/** Sorts properties and drops those that are zero: the kernel reports them, and writers omit them. */
function normalValues(values: Values, sets: readonly AnonymousSet[]): unknown {
  const entries = Object.entries(values)
    .filter(([name]) => name !== 'setId')
    .map(([name, value]) => [name, normalValue(name, value, values, sets)] as const)
    .filter(([, value]) => value !== undefined && value !== 0 && value !== '0' && value !== '');
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
}

function normalValue(name: string, value: unknown, { setId }: Values, sets: readonly AnonymousSet[]): unknown {
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'bigint') return String(value);
  if ((name === 'set' || name === 'setName') && typeof value === 'string') return anonymous(value, setId, sets) ?? value;
  if (/^(?:[sd]?reg|sreg)/.test(name)) return `r${registerSlot(value) ?? 'verdict'}`;
  if (Array.isArray(value)) return (value as readonly RuleExpression[]).map((expression) => normalExpression(expression, sets));
  if (typeof value === 'object' && value !== null)
    return 'name' in value ? normalExpression(value as RuleExpression, sets) : normalValues(value as Values, sets);
  return value;
}

function translation(data: Values): Values {
  const { regAddrMin, regAddrMax = regAddrMin, regProtoMin, regProtoMax = regProtoMin, flags = 0, ...others } = data;
  return { ...others, regAddrMin, regAddrMax, regProtoMin, regProtoMax, flags: Number(flags) & ~IMPLIED_NAT_FLAGS };
}

function elementsOf(expressions: unknown): unknown {
  return typeof expressions === 'object' && expressions !== null ? (expressions as { readonly elem?: unknown }).elem : undefined;
}

/** Returns the contents of an anonymous set, sorted; undefined for a named one. */
function anonymous(name: string, id: unknown, sets: readonly AnonymousSet[]): unknown {
  const found = sets.find(({ id: own, set }) => (id === undefined ? set.name === name : own === id));
  if (found === undefined) return undefined;
  const { keyType, keyLen, dataType, objType } = found.set;
  const starts = new Set(found.elements.filter((element) => !isEnd(element)).map(keyText));
  // An end at the start of the next interval, or at 0 before the first one, has no meaning.
  const elements = found.elements
    .filter((element) => !isEnd(element) || !(starts.has(keyText(element)) || isFirst(element)))
    .map(elementText);
  return JSON.stringify([keyType, keyLen, dataType ?? 0, objType ?? 0, elements.sort()]);
}

type Element = AnonymousSet['elements'][number];

const isEnd = ({ flags = 0 }: Element): boolean => (flags & SetElemFlags.IntervalEnd) !== 0;
const isFirst = ({ key }: Element): boolean => key?.value?.every((byte) => byte === 0) ?? false;
const keyText = ({ key }: Element): string => Buffer.from(key?.value ?? []).toString('hex');

function elementText({ key, keyEnd, data, flags, objref }: Element): string {
  const bytes = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString('hex');
  // A single value of a concatenation with intervals has an end or none.
  const end = keyEnd?.value ?? key?.value;
  return [
    bytes(key?.value),
    bytes(end),
    bytes(data?.value),
    data?.verdict?.code ?? '',
    data?.verdict?.chain ?? '',
    flags ?? 0,
    objref ?? '',
  ].join(' ');
}
