import type { AnonymousSet, CompiledRule } from '../rules/rule-context.js';
import { pairIntervals } from '../objects/interval-rows.js';
import { SetFlags, type SetelemAttrs, type SetelemAttrsInput } from '../../../families/nftables.js';

/** The properties of expressions that the kernel changes while the rule works, by the name of the expression. */
const STATE: Readonly<Record<string, readonly string[]>> = {
  counter: ['packets', 'bytes'],
  last: ['set', 'msecs'],
  quota: ['consumed'],
};

/** The depleted flag of a quota (`NFT_QUOTA_F_DEPLETED`) is state too. */
const DEPLETED = 2;

/** The properties that name a set or its number in a transaction. */
const SET_NAMES: ReadonlySet<string> = new Set(['set', 'setName']);
const SET_IDS: ReadonlySet<string> = new Set(['setId']);

/** The properties of sets that the kernel reports and does not accept, or that differ at each creation. */
const SET_VOLATILE: ReadonlySet<string> = new Set(['table', 'name', 'id', 'handle', 'userdata', 'type', 'count', 'desc']);

/** Returns a value as text that is equal for equal values: properties in order, bytes as hex, numbers of any type alike. @internal */
export function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return `<${Buffer.from(value).toString('hex')}>`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${name}:${canonical(inner)}`).join(',')}}`;
}

/**
 * Returns a rule as text that is equal for rules that do the same: without counters' values and other state, without zeros that the
 * kernel fills in, with the contents of anonymous sets in place of their names.
 *
 * @internal
 */
export function ruleKey({ expressions, sets }: CompiledRule): string {
  return expressions.map((expression) => canonical(normalExpression(expression, sets))).join(' ');
}

function normalExpression(
  { name = '', data }: { readonly name?: unknown; readonly data?: unknown },
  sets: readonly AnonymousSet[],
): object {
  const state = STATE[String(name)] ?? [];
  const values = (typeof data === 'object' && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
  const anonymous = sets.find(({ id, set }) => (id !== 0 ? values['setId'] === id : set.name === (values['set'] ?? values['setName'])));
  const normal: Record<string, unknown> = {};
  for (const [property, value] of Object.entries(values)) {
    if (state.includes(property) || (anonymous !== undefined && SET_IDS.has(property))) continue;
    if (anonymous !== undefined && SET_NAMES.has(property)) normal[property] = anonymousContent(anonymous);
    else if (name === 'quota' && property === 'flags') normal[property] = Number(value) & ~DEPLETED;
    else normal[property] = normalValue(property, value, sets);
  }
  for (const [property, value] of Object.entries(normal)) if (isZero(property, value)) delete normal[property];
  return { name, ...normal };
}

/** The properties in which an absent attribute means something else than 0. */
const KEPT_ZEROS: ReadonlySet<string> = new Set(['dreg', 'sreg', 'offset', 'code', 'family', 'rate', 'num']);

function isZero(property: string, value: unknown): boolean {
  return (value === 0 || value === 0n) && !KEPT_ZEROS.has(property);
}

/** Registers have names and numbers (`NFT_REG_1` is 1); the engine reads both. */
function normalValue(property: string, value: unknown, sets: readonly AnonymousSet[]): unknown {
  if (typeof value === 'string' && /^reg(?:32)?-/.test(value)) return registerNumber(value);
  if (property === 'expr') return normalExpression(value as object, sets);
  if (property === 'expressions' && typeof value === 'object' && value !== null) {
    const { elem = [] } = value as { readonly elem?: readonly object[] };
    return elem.map((inner) => normalExpression(inner, sets));
  }
  return value;
}

function registerNumber(name: string): number {
  if (name === 'reg-verdict') return 0;
  const number = Number(name.slice(name.indexOf('-') + 1));
  return name.startsWith('reg32-') ? 8 + number : number;
}

/** Returns the contents of an anonymous set, in an order of its own. */
function anonymousContent({ set, elements }: AnonymousSet): unknown {
  const { flags = 0 } = set;
  const isRanges = (flags & SetFlags.Interval) !== 0 && (flags & SetFlags.Concat) === 0;
  const settings = Object.fromEntries(Object.entries(set).filter(([name]) => !SET_VOLATILE.has(name)));
  return { settings, elements: (isRanges ? rangeContents(elements) : elements.map(elementContent)).sort() };
}

function rangeContents(elements: readonly SetelemAttrsInput[]): string[] {
  const keyed = elements.filter(({ key }) => key !== undefined) as readonly SetelemAttrs[];
  const others = elements.filter(({ key }) => key === undefined).map(elementContent);
  return [...pairIntervals(keyed).map(({ row, from, to }) => `${canonical([from, to])} ${canonical(row.data)}`), ...others];
}

function elementContent({ key, keyEnd, data, objref, flags = 0 }: SetelemAttrsInput): string {
  return canonical({ key, keyEnd: keyEnd ?? key, data, objref, flags });
}
