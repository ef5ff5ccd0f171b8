import type { FamilyName } from '../../families/index.js';
import { Protocol } from '../../wire/index.js';
import { typedName } from '../families/typed-name.js';

/** Something to listen to: a table, or a family, by the name that the command line has for it. */
export interface Topic {
  readonly name: string;
  /** Other names that the command line accepts. */
  readonly aliases?: readonly string[];
  readonly protocol: number;
  readonly family: FamilyName;
  /** Groups by number; those of generic families are read from the kernel. */
  readonly groups: readonly number[];
  /** True if it is received only when it is asked for by name: it is loud, or the kernel works differently while it has a listener. */
  readonly asked?: true;
  /** Groups that are joined only when the topic is asked for by name. */
  readonly askedGroups?: readonly number[];
}

const { Route, Netfilter, SockDiag, Xfrm, Generic, KobjectUevent, Audit, Connector } = Protocol;

/** RTNLGRP_IPV6_PREFIX: the package has no types of its messages. */
const PREFIX_GROUP = 18;

/** RTNLGRP_IPV4_MCADDR, RTNLGRP_IPV6_MCADDR, RTNLGRP_IPV6_ACADDR. */
const MEMBERSHIP_GROUPS = [37, 38, 39] as const;

/** The topics of families whose groups have fixed numbers (RTNLGRP_*, NFNLGRP_*, XFRMNLGRP_*, SKNLGRP_*). */
export const TOPICS: readonly Topic[] = [
  { name: 'links', aliases: ['rt-link'], protocol: Route, family: 'rt-link', groups: [1, 36] },
  { name: 'addresses', aliases: ['rt-addr'], protocol: Route, family: 'rt-addr', groups: [5, 9] },
  { name: 'memberships', protocol: Route, family: 'rt-addr', groups: MEMBERSHIP_GROUPS },
  { name: 'routes', aliases: ['rt-route'], protocol: Route, family: 'rt-route', groups: [7, 11, 6, 10, 27] },
  { name: 'nexthops', protocol: Route, family: 'rt-route', groups: [32] },
  { name: 'rules', aliases: ['rt-rule'], protocol: Route, family: 'rt-rule', groups: [8, 19] },
  { name: 'neighbours', aliases: ['neighbors', 'rt-neigh'], protocol: Route, family: 'rt-neigh', groups: [3] },
  { name: 'fdb', protocol: Route, family: 'rt-neigh', groups: [3] },
  { name: 'mdb', aliases: ['rt-mdb'], protocol: Route, family: 'rt-mdb', groups: [26] },
  { name: 'vlans', aliases: ['rt-vlan'], protocol: Route, family: 'rt-vlan', groups: [33] },
  { name: 'qdiscs', protocol: Route, family: 'tc', groups: [4] },
  { name: 'classes', protocol: Route, family: 'tc', groups: [4] },
  { name: 'filters', protocol: Route, family: 'tc', groups: [4] },
  { name: 'actions', protocol: Route, family: 'tc', groups: [4] },
  { name: 'netconf', aliases: ['rt-netconf'], protocol: Route, family: 'rt-netconf', groups: [24, 25, 29] },
  { name: 'nsids', aliases: ['rt-nsid'], protocol: Route, family: 'rt-nsid', groups: [28] },
  { name: 'rtnetlink', protocol: Route, family: 'rt-link', groups: [PREFIX_GROUP] },
  { name: 'firewall', aliases: ['nftables'], protocol: Netfilter, family: 'nftables', groups: [7, 9] },
  { name: 'connections', aliases: ['conntrack'], protocol: Netfilter, family: 'conntrack', groups: [1, 2, 3] },
  { name: 'expectations', aliases: ['conntrack-expect'], protocol: Netfilter, family: 'conntrack_expect', groups: [4, 5, 6] },
  // With a listener of acquire, the kernel waits for a key daemon instead of failing.
  { name: 'ipsec', aliases: ['xfrm'], protocol: Xfrm, family: 'xfrm', groups: [2, 3, 4, 5, 6, 7, 8], askedGroups: [1] },
  { name: 'sockets', aliases: ['sock_diag'], protocol: SockDiag, family: 'sock_diag', groups: [1, 2, 3, 4] },
  { name: 'devices', aliases: ['uevent'], protocol: KobjectUevent, family: 'uevent', groups: [1] },
  { name: 'audit', protocol: Audit, family: 'audit', groups: [1], asked: true },
  { name: 'processes', aliases: ['cn_proc'], protocol: Connector, family: 'cn_proc', groups: [1], asked: true },
];

/** Generic families that are loud, or whose listeners the kernel takes for a daemon that answers its requests. */
const ASKED_FAMILIES: ReadonlySet<FamilyName> = new Set(['handshake', 'nfsd', 'sunrpc_cache']);

/** The generic families of the package that have groups, by the kernel's names: they can be listened to before their modules are loaded. */
export const GENERIC_FAMILIES: ReadonlySet<string> = new Set([
  'binder',
  'dev-energymodel',
  'devlink',
  'dpll',
  'ethtool',
  'handshake',
  'mptcp_pm',
  'NET_DM',
  'netdev',
  'nfsd',
  'nl80211',
  'nlctrl',
  'ovpn',
  'ovs_datapath',
  'ovs_flow',
  'ovs_vport',
  'psp',
  'sunrpc',
  'team',
]);

/** Returns the topic of a generic family. A family that the package has no types of also has one. */
export function genericTopic(name: string): Topic {
  const family = typedName(name);
  return {
    name,
    protocol: Generic,
    family: family ?? 'nlctrl',
    groups: [],
    ...(family !== undefined && ASKED_FAMILIES.has(family) && { asked: true }),
  };
}

/** Returns the name of the topic that a message belongs to: some families have several. */
export function topicOf(family: string, operation: string, value: Readonly<Record<string, unknown>>): string {
  switch (family) {
    case 'rt-neigh':
      return value['ndmFamily'] === AF_BRIDGE ? 'fdb' : 'neighbours';
    case 'rt-addr':
      return operation.endsWith('cast') ? 'memberships' : 'addresses';
    case 'rt-route':
      return operation.includes('nexthop') ? 'nexthops' : 'routes';
    case 'tc':
      return TRAFFIC.find(([part]) => operation.includes(part))![1];
    default:
      return TOPICS.find((topic) => topic.family === family)?.name ?? family;
  }
}

/** AF_BRIDGE. */
const AF_BRIDGE = 7;

/** Chains are containers of filters. */
const TRAFFIC = [
  ['qdisc', 'qdiscs'],
  ['tclass', 'classes'],
  ['action', 'actions'],
  ['', 'filters'],
] as const;

/** Returns the netlink protocol that a topic belongs to. */
export function protocolOfTopic(name: string): number {
  return TOPICS.find((topic) => topic.name === name)?.protocol ?? Generic;
}
