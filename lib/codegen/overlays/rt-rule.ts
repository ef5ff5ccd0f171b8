import type { Overlay } from '../overlay.js';
import { protocols, tables } from './rt-constants.js';
import { addresses } from './words.js';

const GROUPS = ['rtnlgrp-ipv4-rule', 'rtnlgrp-ipv6-rule'];
const FAMILY = { family: 'family' };
const ADDRESS = { type: 'binary', 'display-hint': 'ipv4-or-v6', 'byte-order': null };

/** @internal */
export const rtRule: Overlay = {
  source: 'rt-rule',
  entries: [
    { header: 'linux/fib_rules.h', set: 'fib-rule-attrs', changeAttribute: 'dst', to: ADDRESS, reason: 'IPv6 rules have 16 bytes' },
    { header: 'linux/fib_rules.h', set: 'fib-rule-attrs', changeAttribute: 'src', to: ADDRESS, reason: 'IPv6 rules have 16 bytes' },
    ...['dst', 'src'].flatMap((name) => addresses('linux/fib_rules.h', 'fib-rule-attrs', [name], { ...FAMILY, prefix: `${name}-len` })),
    { header: 'linux/fib_rules.h', set: 'fib-rule-attrs', changeAttribute: 'tun-id', to: { 'byte-order': 'big-endian' } },
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
