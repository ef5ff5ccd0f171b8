import type { Overlay } from '../overlay.js';
import { protocols } from './rt-constants.js';
import { addresses, flag, gap, s32, set, u16, u8 } from './words.js';

const GROUPS = ['rtnlgrp-neigh'];
const NTF_MASTER = 4;

/** @internal */
export const rtNeigh: Overlay = {
  source: 'rt-neigh',
  entries: [
    ...addresses('linux/neighbour.h', 'neighbour-attrs', ['dst'], { family: 'ndm-family' }),
    ...addresses('linux/neighbour.h', 'neighbour-attrs', ['lladdr'], { 'any-width': true, 'ipv6-kinds': [] }),
    {
      header: 'linux/neighbour.h',
      changeDefinition: 'ndmsg',
      to: {
        members: [
          u8('ndm-family'),
          gap('ndm-pad', 3),
          s32('ndm-ifindex'),
          u16('ndm-state', { enum: 'nud-state' }),
          u8('ndm-flags', { enum: 'ntf-flags', write: { 'bits-with': { attribute: 'master', bits: NTF_MASTER } } }),
          u8('ndm-type', { enum: 'rtm-type' }),
        ],
      },
      reason: 'a bridge does not report NTF_MASTER for its entries, and needs it beside other flags (rtnl_fdb_add, rtnl_fdb_del)',
    },
    { header: 'linux/neighbour.h', set: 'neighbour-attrs', changeAttribute: 'port', to: { 'byte-order': 'big-endian' } },
    { header: 'linux/neighbour.h', addSets: [set('fdb-ext-attrs', 'nfea-', [u8('activity-notify'), flag('dont-refresh')])] },
    {
      header: 'linux/neighbour.h',
      set: 'neighbour-attrs',
      changeAttribute: 'fdb-ext-attrs',
      to: { type: 'nest', 'nested-attributes': 'fdb-ext-attrs' },
    },
    {
      header: 'linux/neighbour.h',
      set: 'ndtpa-attrs',
      changeAttribute: 'interval-probe-time-ms',
      to: { checks: { min: 1 } },
      reason: 'kernels without the upper limit accept longer intervals (neightbl_set)',
    },
    {
      header: 'linux/neighbour.h',
      changeOperation: 'getneightbl',
      to: { distinct: ['name', 'parms.ifindex'] },
      reason: "neightbl_dump_info sends a table's own row again at the start of each further datagram",
    },
    { header: 'linux/rtnetlink.h', changeOperation: 'newneigh-ntf', to: { mcgrp: GROUPS } },
    { header: 'linux/rtnetlink.h', changeOperation: 'delneigh-ntf', to: { mcgrp: GROUPS } },
    protocols,
  ],
};
