import type { Overlay } from '../overlay.js';
import { protocols, tables } from './rt-constants.js';
import { addresses, needsOne } from './words.js';

const GROUPS = ['rtnlgrp-ipv4-rule', 'rtnlgrp-ipv6-rule'];
const FAMILY = { family: 'family' };

/** The properties by which a rule can be found. The action is not enough: nearly all rules have the same one. */
const SELECTORS = [
  ...['priority', 'table', 'src', 'dst', 'fwmark', 'iifname', 'oifname', 'tos', 'tun-id', 'l3mdev', 'uid-range', 'protocol'],
  ...['ip-proto', 'sport-range', 'dport-range', 'dscp', 'flowlabel', 'flow', 'suppress-prefixlen', 'suppress-ifgroup'],
];

/** @internal */
export const rtRule: Overlay = {
  source: 'rt-rule',
  entries: [
    ...['dst', 'src'].flatMap((name) => addresses('linux/fib_rules.h', 'fib-rule-attrs', [name], { ...FAMILY, prefix: `${name}-len` })),
    { header: 'linux/fib_rules.h', set: 'fib-rule-attrs', changeAttribute: 'tun-id', to: { 'byte-order': 'big-endian' } },
    needsOne('linux/fib_rules.h', 'delrule', SELECTORS, 'deletes the first rule of the family', {
      zeros: ['priority', 'suppress-prefixlen', 'suppress-ifgroup'],
    }),
    { header: 'linux/rtnetlink.h', changeOperation: 'newrule-ntf', to: { mcgrp: GROUPS } },
    { header: 'linux/rtnetlink.h', changeOperation: 'delrule-ntf', to: { mcgrp: GROUPS } },
    {
      header: 'linux/rtnetlink.h',
      changeDefinition: 'rtgenmsg',
      to: { members: [{ name: 'family', type: 'u8' }] },
      reason: 'the padding is not part of the struct; headers are padded anyway',
    },
    protocols,
    tables,
  ],
};
