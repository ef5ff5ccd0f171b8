import type { Overlay } from '../../overlay.js';
import { cacheReports } from './cache-report.js';
import { nexthops } from './nexthop.js';
import { tunnels } from './encap.js';
import { protocols, scopes, tables } from '../rt-constants.js';
import { addresses, bits, enumerate, ip, layout, names, s32, u16, u64, u8, u32 } from '../words.js';

const ROUTE_GROUPS = ['ipv4-route', 'ipv6-route', 'ipv4-mroute', 'ipv6-mroute', 'mpls-route'].map((name) => `rtnlgrp-${name}`);
const LABELS = { 'sub-type': 'u32', 'byte-order': 'big-endian' };

/** RTNH_F_DEAD and RTNH_F_LINKDOWN: the kernel reports them and rejects them in requests (fib_create_info). */
const [DEAD, LINKDOWN] = [1, 16];
const FAMILY = { family: 'rtm-family' };
const NEXTHOP_FLAGS = { enum: 'rtnh-flags' };

/** @internal */
export const rtRoute: Overlay = {
  source: 'rt-route',
  entries: [
    {
      header: 'linux/rtnetlink.h',
      addGroups: [
        { name: 'rtnlgrp-ipv4-mroute', value: 6 },
        { name: 'rtnlgrp-ipv6-mroute', value: 10 },
        { name: 'rtnlgrp-mpls-route', value: 27 },
        { name: 'rtnlgrp-ipv4-mroute-r', value: 30 },
        { name: 'rtnlgrp-ipv6-mroute-r', value: 31 },
        { name: 'rtnlgrp-nexthop', value: 32 },
      ],
    },
    ...['newroute-ntf', 'delroute-ntf'].map((name) => ({
      header: 'linux/rtnetlink.h',
      changeOperation: name,
      to: { mcgrp: ROUTE_GROUPS },
    })),
    {
      header: 'linux/rtnetlink.h',
      addDefinitions: [
        bits('rtnh-flags', 'rtnh-f-', ['dead', 'pervasive', 'onlink', 'offload', 'linkdown', 'unresolved', 'trap']),
        layout('rtnexthop', [u16('rtnh-len'), u8('rtnh-flags', NEXTHOP_FLAGS), u8('rtnh-hops'), s32('rtnh-ifindex')]),
        layout('rtvia', [u16('rtvia-family'), ip('rtvia-addr', { address: { family: 'rtvia-family' } })]),
        layout('rta-mfc-stats', [u64('mfcs-packets'), u64('mfcs-bytes'), u64('mfcs-wrong-if')]),
      ],
    },
    {
      header: 'linux/rtnetlink.h',
      changeDefinition: 'rtmsg',
      to: {
        members: [
          u8('rtm-family'),
          u8('rtm-dst-len'),
          u8('rtm-src-len'),
          u8('rtm-tos'),
          u8('rtm-table'),
          u8('rtm-protocol'),
          u8('rtm-scope'),
          u8('rtm-type', { enum: 'rtm-type' }),
          u32('rtm-flags', { ...NEXTHOP_FLAGS, write: { mask: ~(DEAD | LINKDOWN) >>> 0 } }),
        ],
      },
      reason: 'a route with one nexthop has the flags of that',
    },
    {
      header: 'linux/rtnetlink.h',
      changeDefinition: 'rta-cacheinfo',
      to: {
        members: [
          u32('rta-clntref'),
          u32('rta-lastuse'),
          s32('rta-expires'),
          u32('rta-error'),
          u32('rta-used'),
          u32('rta-id'),
          u32('rta-ts'),
          u32('rta-tsage'),
        ],
      },
      reason: 'three members are missing',
    },
    {
      header: 'linux/rtnetlink.h',
      set: 'route-attrs',
      changeAttribute: 'multipath',
      to: { type: 'records', struct: 'rtnexthop', 'length-member': 'rtnh-len', 'nested-attributes': 'route-attrs' },
    },
    { header: 'linux/rtnetlink.h', set: 'route-attrs', changeAttribute: 'via', to: { struct: 'rtvia' } },
    { header: 'linux/rtnetlink.h', set: 'route-attrs', changeAttribute: 'mfc-stats', to: { struct: 'rta-mfc-stats' } },
    {
      header: 'linux/rtnetlink.h',
      set: 'route-attrs',
      changeAttribute: 'expires',
      to: { type: 'uint' },
      reason: 'of multicast routes it has 64 bits (mr_fill_mroute), of others 32',
    },
    { header: 'linux/rtnetlink.h', set: 'route-attrs', changeAttribute: 'newdst', to: LABELS, reason: 'label stack entries of MPLS' },
    ...['dst', 'src'].flatMap((name) =>
      addresses('linux/rtnetlink.h', 'route-attrs', [name], {
        ...FAMILY,
        prefix: `rtm-${name}-len`,
        bare: { getroute: 'full' },
      }),
    ),
    ...addresses('linux/rtnetlink.h', 'route-attrs', ['gateway'], { ...FAMILY, other: 'via' }),
    ...addresses('linux/rtnetlink.h', 'route-attrs', ['prefsrc'], FAMILY),
    ...['sport', 'dport'].map((name) => ({
      header: 'linux/rtnetlink.h',
      set: 'route-attrs',
      changeAttribute: name,
      to: { 'byte-order': 'big-endian' },
    })),
    ...['oif', 'gateway', 'via', 'multipath', 'encap', 'encap-type'].map((name) => ({
      header: 'linux/rtnetlink.h',
      set: 'route-attrs',
      changeAttribute: name,
      to: { write: { without: ['nh-id'] } },
      reason: 'a row has the nexthops of its nexthop object; requests have one or the other (rtm_to_fib_config)',
    })),
    {
      header: 'linux/rtnetlink.h',
      set: 'route-attrs',
      changeAttribute: 'cacheinfo',
      to: { write: { instead: { attribute: 'expires', member: 'rta-expires', divisor: 100 } } },
      reason: 'reported in ticks of 10 ms (jiffies_to_clock_t), set in seconds (rtm_to_fib6_config)',
    },
    ...cacheReports,
    ...tunnels,
    ...nexthops,
    protocols,
    scopes,
    tables,
    {
      header: 'linux/icmpv6.h',
      addDefinitions: [
        names('icmpv6-router-pref', 'icmpv6-router-pref-', [
          ['medium', 0],
          ['high', 1],
          ['low', 3],
        ]),
      ],
    },
    ...enumerate('linux/icmpv6.h', 'route-attrs', { pref: 'icmpv6-router-pref' }),
  ],
};
