import type { RuleExpression } from '../rule-context.js';
import type { Selector } from '../expression.js';
import { CT_FIELDS, META_FIELDS } from './meta-fields.js';
import { loadedFingerprint, loadedIpsec } from './parts/other-parts.js';
import type { Part } from './part.js';
import { selectorOfPlain } from './plain-selector.js';
import { CT_DIRECTED, FIB_FLAGS, FIB_PRESENT, selectedPart, SOCKET_KEYS } from './select-part.js';

type Data = Readonly<Record<string, unknown>>;

/** Returns the part that an expression loads, except for parts of headers; undefined if it is not known. @internal */
export function loadedPart({ name, data }: RuleExpression): Part | undefined {
  if (name === 'osf') return loadedFingerprint((data ?? {}) as Data);
  if (name === 'xfrm') return loadedIpsec((data ?? {}) as Data);
  const selector = SELECTORS[name ?? '']?.((data ?? {}) as Data);
  if (selector === undefined) return undefined;
  const right = 'fib' in selector && selector.fib.result === 'check' ? 'exists' : undefined;
  return selectedPart(
    right === undefined ? selector : { fib: { ...(selector as { readonly fib: object }).fib, result: 'oif' } },
    '',
    right,
  );
}

const SELECTORS: Readonly<Record<string, (data: Data) => Selector | undefined>> = {
  meta: ({ key }) => keyed('meta', META_FIELDS, key),
  ct({ key, direction }) {
    if (direction === undefined) return keyed('ct', CT_FIELDS, key);
    const found = Object.keys(CT_DIRECTED).find((word) => CT_DIRECTED[word]!.key === key);
    return found === undefined ? undefined : { ct: { key: found, dir: direction as 'original' } };
  },
  fib({ result, flags }) {
    const sum = Number(flags);
    const words = Object.entries(FIB_FLAGS).flatMap(([word, flag]) => ((sum & flag) === 0 ? [] : [word]));
    if ((sum & FIB_PRESENT) !== 0) return result === 'oif' ? { fib: { result: 'check', flags: words } } : undefined;
    const name = result === 'addrtype' ? 'type' : result;
    return name === 'type' || name === 'oif' || name === 'oifname' ? { fib: { result: name, flags: words } } : undefined;
  },
  rt: ({ key }) => RT_SELECTORS[String(key)],
  socket: ({ key }) => (typeof key === 'string' && Object.hasOwn(SOCKET_KEYS, key) ? { socket: { key: key as 'mark' } } : undefined),
  numgen: ({ type, modulus, offset }) => ({
    numgen: {
      mode: type === 'random' ? 'random' : 'inc',
      mod: Number(modulus),
      ...(Number(offset ?? 0) === 0 ? {} : { offset: Number(offset) }),
    },
  }),
  hash: ({ type, modulus, offset }) =>
    type === 'sym' ? { symhash: { mod: Number(modulus), ...(Number(offset ?? 0) === 0 ? {} : { offset: Number(offset) }) } } : undefined,
};

const RT_SELECTORS: Readonly<Record<string, Selector>> = {
  classid: { rt: { key: 'classid' } },
  tcpmss: { rt: { key: 'mtu' } },
  xfrm: { rt: { key: 'ipsec' } },
  nexthop4: { rt: { key: 'nexthop', family: 'ip' } },
  nexthop6: { rt: { key: 'nexthop', family: 'ip6' } },
};

function keyed(name: 'meta' | 'ct', table: Readonly<Record<string, { readonly key: unknown }>>, key: unknown): Selector | undefined {
  const found = Object.keys(table).find((word) => table[word]!.key === key);
  return found === undefined ? undefined : ({ [name]: { key: found } } as unknown as Selector);
}

/** Returns the selector of libnftables-json that names a part. @internal */
export function selectorOf({ name, selector }: Part): Selector {
  return selector ?? selectorOfPlain(name);
}

/** Returns true if the short form can name a part. @internal */
export function hasShortForm({ name, header, selector }: Part): boolean {
  if (selector !== undefined) return name.startsWith('@');
  if (header !== undefined) return true;
  const [source, ...rest] = name.split('.');
  return source === 'meta' || source === 'fib' || (source === 'ct' && rest.length === 1);
}
