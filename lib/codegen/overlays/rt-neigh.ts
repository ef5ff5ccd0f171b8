import type { Overlay } from '../overlay.js';
import { addresses, flag, set, u8 } from './words.js';

const GROUPS = ['rtnlgrp-neigh'];

/** @internal */
export const rtNeigh: Overlay = {
  source: 'rt-neigh',
  entries: [
    { header: 'linux/neighbour.h', set: 'neighbour-attrs', changeAttribute: 'dst', to: { 'display-hint': 'ipv4-or-v6' } },
    ...addresses('linux/neighbour.h', 'neighbour-attrs', ['dst'], { family: 'ndm-family' }),
    ...addresses('linux/neighbour.h', 'neighbour-attrs', ['lladdr'], { 'any-width': true }),
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
      changeOperation: 'getneightbl',
      to: { distinct: ['name', 'parms.ifindex'] },
      reason: "neightbl_dump_info sends a table's own row again at the start of each further datagram",
    },
    { header: 'linux/rtnetlink.h', changeOperation: 'newneigh-ntf', to: { mcgrp: GROUPS } },
    { header: 'linux/rtnetlink.h', changeOperation: 'delneigh-ntf', to: { mcgrp: GROUPS } },
  ],
};
