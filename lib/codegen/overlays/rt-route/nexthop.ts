import type { OverlayEntry } from '../../overlay.js';
import { flag, gap, ip, layout, nest, notification, operation, padding, set, u16, u32, u64, u8, uint } from '../words.js';

const GROUP = ['rtnlgrp-nexthop'];
const HEADER = { 'fixed-header': 'nhmsg' };

/** RTNH_F_ONLINK: the only flag that a request may have; it may have no scope (nh_valid_get_req, NEXTHOP_VALID_USER_FLAGS). */
const ONLINK = 4;

/** Nexthop objects; routes refer to them by `nh-id`. @internal */
export const nexthops: readonly OverlayEntry[] = [
  {
    header: 'linux/nexthop.h',
    addDefinitions: [
      layout('nhmsg', [
        u8('nh-family'),
        u8('nh-scope', { write: { mask: 0 } }),
        u8('nh-protocol'),
        gap('resvd', 1),
        u32('nh-flags', { enum: 'rtnh-flags', write: { mask: ONLINK } }),
      ]),
      layout('nexthop-grp', [u32('id'), u8('weight'), u8('weight-high'), u16('resvd2')]),
    ],
  },
  {
    header: 'linux/nexthop.h',
    addSets: [
      set('nexthop-attrs', 'nha-', [
        u32('id'),
        { name: 'group', type: 'binary', struct: 'nexthop-grp', repeated: true },
        u16('group-type'),
        flag('blackhole'),
        u32('oif'),
        ip('gateway', { address: { family: 'nh-family' } }),
        u16('encap-type', { enum: 'lwtunnel-encap-type' }),
        { name: 'encap', type: 'sub-message', 'sub-message': 'encap-msg', selector: 'encap-type' },
        flag('groups'),
        u32('master'),
        flag('fdb'),
        nest('res-group', 'nexthop-res-group-attrs'),
        nest('res-bucket', 'nexthop-res-bucket-attrs'),
        u32('op-flags', { write: { never: true } }),
        nest('group-stats', 'nexthop-group-stats-attrs', { write: { never: true } }),
        u32('hw-stats-enable'),
        u32('hw-stats-used', { write: { never: true } }),
      ]),
      set('nexthop-res-group-attrs', 'nha-res-group-', [
        padding('pad', { value: 0 }),
        u16('buckets'),
        u32('idle-timer'),
        u32('unbalanced-timer'),
        u64('unbalanced-time', { write: { never: true } }),
      ]),
      set('nexthop-res-bucket-attrs', 'nha-res-bucket-', [padding('pad', { value: 0 }), u16('index'), u64('idle-time'), u32('nh-id')]),
      set('nexthop-group-stats-attrs', 'nha-group-stats-', [nest('entry', 'nexthop-group-stats-entry-attrs', { 'multi-attr': true })]),
      set('nexthop-group-stats-entry-attrs', 'nha-group-stats-entry-', [u32('id'), uint('packets'), uint('packets-hw')]),
    ],
  },
  {
    header: 'linux/rtnetlink.h',
    addOperations: [
      operation('newnexthop', 'nexthop-attrs', { do: [104] }, HEADER),
      operation('delnexthop', 'nexthop-attrs', { do: [105] }, HEADER),
      operation('getnexthop', 'nexthop-attrs', { do: [106, 104], dump: [106, 104] }, HEADER),
      operation('getnexthopbucket', 'nexthop-attrs', { do: [118, 116], dump: [118, 116] }, HEADER),
      notification('newnexthopbucket-ntf', 'getnexthopbucket', 116, GROUP),
      notification('newnexthop-ntf', 'getnexthop', 104, GROUP),
      notification('delnexthop-ntf', 'getnexthop', 105, GROUP),
    ],
  },
];
