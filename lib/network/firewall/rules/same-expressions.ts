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
  return expressions.map((expression) => normalExpression(expression, sets)).join('\n');
}

function normalExpression({ name = '', data }: RuleExpression, sets: readonly AnonymousSet[]): string {
  const values = (data ?? {}) as Values;
  return `${name} ${normalValues(Object.hasOwn(NORMAL, name) ? NORMAL[name]!(values) : values, sets)}`;
}

/** Sorts properties and drops those that are zero: the kernel reports them, and writers omit them. */
function normalValues(values: Values, sets: readonly AnonymousSet[]): string {
  let text = '';
  for (const name of Object.keys(values).sort()) {
    const value = name === 'setId' ? '' : normalValue(name, values[name], values, sets);
    if (value !== '' && value !== '0') text += `${name}=${value};`;
  }
  return `{${text}}`;
}

function normalValue(name: string, value: unknown, { setId }: Values, sets: readonly AnonymousSet[]): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Uint8Array) return `0x${hex(value)}`;
  if (REGISTERS.test(name)) return `register ${registerSlot(value) ?? 'verdict'}`;
  if (typeof value === 'string') return ((name === 'set' || name === 'setName') && anonymous(value, setId, sets)) || JSON.stringify(value);
  if (Array.isArray(value))
    return `[${(value as readonly RuleExpression[]).map((expression) => normalExpression(expression, sets)).join(',')}]`;
  if (typeof value === 'object')
    return 'name' in value ? normalExpression(value as RuleExpression, sets) : normalValues(value as Values, sets);
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : '';
}

/** The names of properties that are registers. */
const REGISTERS = /^[sd]?reg/;

const hex = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

function translation(data: Values): Values {
  const { regAddrMin, regAddrMax = regAddrMin, regProtoMin, regProtoMax = regProtoMin, flags = 0, ...others } = data;
  return { ...others, regAddrMin, regAddrMax, regProtoMin, regProtoMax, flags: Number(flags) & ~IMPLIED_NAT_FLAGS };
}

function elementsOf(expressions: unknown): unknown {
  return typeof expressions === 'object' && expressions !== null ? (expressions as { readonly elem?: unknown }).elem : undefined;
}

/** Returns the contents of an anonymous set, sorted; undefined for a named one. */
function anonymous(name: string, id: unknown, sets: readonly AnonymousSet[]): string | undefined {
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
const keyText = ({ key }: Element): string => hex(key?.value);

function elementText({ key, keyEnd, data, flags, objref }: Element): string {
  // A single value of a concatenation with intervals has an end or none.
  const end = keyEnd?.value ?? key?.value;
  return [
    hex(key?.value),
    hex(end),
    hex(data?.value),
    data?.verdict?.code ?? '',
    data?.verdict?.chain ?? '',
    flags ?? 0,
    objref ?? '',
  ].join(' ');
}
