import { propertyAt } from '../../schema/internal.js';
import { named, type KindRule, type Modules } from './kind-rule.js';

const EXPRESSIONS: Modules = {
  ...named(
    'nft_',
    'CONFIG_NFT_',
    'ct connlimit flow_offload hash limit log masq nat numgen osf queue quota redir socket synproxy tproxy tunnel xfrm',
  ),
  notrack: ['nft_ct', 'CONFIG_NFT_CT'],
  // Expressions of one address family, which is part of the kernel's alias.
  ...ofFamilies('dup', { 2: 'dup_ipv4', 5: 'dup_netdev', 10: 'dup_ipv6' }),
  ...ofFamilies('fib', { 1: 'fib_inet', 2: 'fib_ipv4', 5: 'fib_netdev', 10: 'fib_ipv6' }),
  ...ofFamilies('fwd', { 5: 'fwd_netdev' }),
  ...ofFamilies('reject', { 1: 'reject_inet', 2: 'reject_ipv4', 5: 'reject_netdev', 10: 'reject_ipv6' }),
  '7 reject': ['nft_reject_bridge', 'CONFIG_NFT_BRIDGE_REJECT'],
};

/** Expressions that never lack a module (nft_basic_types of nf_tables_core.c), or whose ENOENT is about the object they refer to. */
const CORE_EXPRESSIONS: ReadonlySet<string> = new Set(
  'bitwise byteorder cmp counter dynset exthdr immediate inner last lookup match meta objref payload range rt target'.split(' '),
);

const CHAINS: Modules = { nat: ['nft_chain_nat', 'CONFIG_NFT_NAT'] };

/** The kinds of objects, with the number in the kernel's alias (`NFT_OBJECT_*`). */
const OBJECT_NUMBERS: Readonly<Record<string, number>> = {
  quota: 2,
  'ct-helper': 3,
  limit: 4,
  connlimit: 5,
  tunnel: 6,
  'ct-timeout': 7,
  'ct-expect': 9,
  synproxy: 10,
};
const OBJECTS: Modules = {
  ...named('nft_', 'CONFIG_NFT_', 'quota limit connlimit tunnel synproxy'),
  'ct-expect': ['nft_ct', 'CONFIG_NFT_CT'],
  'ct-timeout': ['nft_ct', 'CONFIG_NFT_CT'],
};
const CORE_OBJECTS: ReadonlySet<string> = new Set(['counter', 'secmark']);

/** The conntrack helpers by their names. */
const HELPERS: Modules = {
  ...named('nf_conntrack_', 'CONFIG_NF_CONNTRACK_', 'amanda ftp irc pptp sane sip snmp tftp'),
  'netbios-ns': ['nf_conntrack_netbios_ns', 'CONFIG_NF_CONNTRACK_NETBIOS_NS'],
  ...Object.fromEntries(['RAS', 'Q.931', 'H.245'].map((name) => [name, ['nf_conntrack_h323', 'CONFIG_NF_CONNTRACK_H323'] as const])),
};

/** One module has the flowtables of all families. */
const FLOWTABLE_FAMILIES: Readonly<Record<string, string>> = { 1: 'inet', 2: 'ip', 10: 'ip6' };
const FLOWTABLES: Modules = Object.fromEntries(
  Object.values(FLOWTABLE_FAMILIES).map((name) => [name, ['nf_flow_table_inet', 'CONFIG_NF_FLOW_TABLE_INET']]),
);

const familyOf = (request: object): string => String(propertyAt(request, 'nfgenFamily'));
const helperOf = (request: object): unknown => (propertyAt(request, 'type') === 'ct-helper' ? propertyAt(request, 'data.name') : undefined);

/** Returns the expression of the elements of a set that may need a module. The kernel takes two at most. */
function expressionOfSet(request: object): unknown {
  const paths = ['expr.0.name', 'expressions.elem.0.name', 'expressions.elem.1.name'];
  const names = paths.map((path) => propertyAt(request, path));
  return names.find((name) => typeof name === 'string' && !CORE_EXPRESSIONS.has(name));
}

/** The rules for requests of nftables. The kernel names no attribute if an object, a flowtable or the expression of a set is missing. @internal */
export const NFTABLES_RULES: readonly KindRule[] = [
  {
    code: 'ENOENT',
    path: /^\.expressions\.elem/,
    noun: 'expression',
    present: CORE_EXPRESSIONS,
    alias: (kind) => `nft-expr-${kind}`,
    modules: EXPRESSIONS,
  },
  {
    code: 'ENOENT',
    operation: 'newset',
    path: /^$/,
    noun: 'expression',
    at: expressionOfSet,
    alias: (kind) => `nft-expr-${kind}`,
    modules: EXPRESSIONS,
  },
  {
    code: 'ENOENT',
    path: /^\.type$/,
    noun: 'chain type',
    at: 'type',
    alias: (kind, request) => `nft-chain-${familyOf(request)}-${kind}`,
    modules: CHAINS,
  },
  {
    code: 'ENOENT',
    operation: 'newobj',
    path: /^$/,
    noun: 'conntrack helper',
    at: helperOf,
    alias: (kind) => `nfct-helper-${kind}`,
    modules: HELPERS,
  },
  {
    code: 'ENOENT',
    operation: 'newobj',
    path: /^$/,
    noun: 'object type',
    at: 'type',
    present: CORE_OBJECTS,
    alias: (kind) => `nft-obj-${OBJECT_NUMBERS[kind]}`,
    modules: OBJECTS,
  },
  {
    code: 'ENOENT',
    operation: 'newflowtable',
    path: /^$/,
    noun: 'flowtable type',
    at: (request) => FLOWTABLE_FAMILIES[familyOf(request)],
    alias: (_kind, request) => `nf-flowtable-${familyOf(request)}`,
    modules: FLOWTABLES,
  },
];

function ofFamilies(kind: string, modules: Readonly<Record<number, string>>): Modules {
  return Object.fromEntries(
    Object.entries(modules).map(([family, name]) => [`${family} ${kind}`, [`nft_${name}`, `CONFIG_NFT_${name.toUpperCase()}`]]),
  );
}
