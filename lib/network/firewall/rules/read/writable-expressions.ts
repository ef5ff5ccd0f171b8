import type { ExpressionRule } from '../firewall-rule.js';
import type { AnonymousSet, CompiledRule, ExpressionSet, RuleExpression } from '../rule-context.js';

type Data = Readonly<Record<string, unknown>>;

/** The flag that a quota was used up: the kernel reports it and does not accept it (`NFT_QUOTA_F_DEPLETED`). */
const DEPLETED = 2;

/** Functions that remove properties which the kernel reports and does not accept, by the name of the expression. */
const WRITABLE: Readonly<Record<string, (data: Data) => Data>> = {
  dynset: ({ timeout, ...data }) => (timeout === 0n || timeout === undefined ? data : { ...data, timeout }),
  osf: ({ flags, ...data }) => (flags === 0 || flags === undefined ? data : { ...data, flags }),
  exthdr: ({ flags, ...data }) =>
    data['dreg'] !== undefined ? { ...data, flags } : data['sreg'] !== undefined ? data : { type: data['type'], op: data['op'] },
  quota: (data) => ({ ...data, flags: Number(data['flags'] ?? 0) & ~DEPLETED }),
};

/** The properties of an anonymous set that a request has. */
const SET_PROPERTIES = ['flags', 'keyType', 'keyLen', 'dataType', 'dataLen', 'objType', 'desc', 'userdata'] as const;

/** Returns a rule in the engine's words, as it can be written. Expressions name its anonymous sets by numbers from 1. @internal */
export function writableRule({ expressions, sets }: CompiledRule): ExpressionRule {
  const used: ExpressionSet[] = [];
  const written = expressions.map((expression) => writable(expression, sets, used));
  return used.length === 0 ? { expressions: written } : { expressions: written, sets: used };
}

function writable(expression: RuleExpression, sets: readonly AnonymousSet[], used: ExpressionSet[]): RuleExpression {
  const { name = '', data } = expression;
  if (data === undefined) return expression;
  const clean: Data = WRITABLE[name]?.(data as Data) ?? (data as Data);
  const property = 'set' in clean ? 'set' : 'setName';
  const named = clean[property];
  const found = typeof named === 'string' ? sets.find(({ set }) => set.name === named) : undefined;
  if (found === undefined) return { name, data: clean } as RuleExpression;
  const setId = used.push(writableSet(found, used.length + 1));
  return { name, data: { ...clean, [property]: used[setId - 1]!.set.name, setId } } as unknown as RuleExpression;
}

function writableSet({ set, elements }: AnonymousSet, id: number): ExpressionSet {
  const properties = SET_PROPERTIES.flatMap((name) => (set[name] === undefined ? [] : [[name, set[name]] as const]));
  return {
    id,
    set: { ...Object.fromEntries(properties), id, name: (set.name ?? '').replace(/\d+$/, '%d') },
    elements: elements.map(({ expiration: _, ...element }) => element),
  };
}
