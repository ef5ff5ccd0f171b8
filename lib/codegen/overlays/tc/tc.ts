import type { Overlay } from '../../overlay.js';
import { tcActions } from './actions.js';
import { tcClasses } from './classes.js';
import { tcReads } from './reads.js';
import {
  be16,
  be32,
  bitfield,
  gap,
  layout,
  nest,
  notification,
  operation,
  s16,
  s32,
  set,
  struct,
  text,
  u16,
  u32,
  u64,
  u8,
} from '../words.js';
import { tcEnums } from './enums.js';

const SCHED = 'linux/pkt_sched.h';
const GROUP = ['rtnlgrp-tc'];
const ACTION = { 'fixed-header': 'tcamsg' };

/** @internal */
export const tc: Overlay = {
  source: 'tc',
  entries: [
    {
      header: 'linux/rtnetlink.h',
      addOperations: [
        notification('newqdisc-ntf', 'getqdisc', 36, GROUP),
        notification('delqdisc-ntf', 'getqdisc', 37, GROUP),
        notification('newtclass-ntf', 'gettclass', 40, GROUP),
        notification('deltclass-ntf', 'gettclass', 41, GROUP),
        notification('newtfilter-ntf', 'gettfilter', 44, GROUP),
        notification('deltfilter-ntf', 'gettfilter', 45, GROUP),
        notification('newchain-ntf', 'getchain', 100, GROUP),
        notification('delchain-ntf', 'getchain', 101, GROUP),
      ],
    },
    { header: 'linux/rtnetlink.h', changeOperation: 'getchain', to: { dump: { request: { value: 102 }, reply: { value: 100 } } } },
    { header: 'linux/rtnetlink.h', addDefinitions: [layout('tcamsg', [u8('tca-family'), gap('tca--pad1', 1), gap('tca--pad2', 2)])] },
    {
      header: 'linux/rtnetlink.h',
      addSets: [
        set('action-root-attrs', 'tca-root-', [
          { name: 'tab', type: 'indexed-array', 'sub-type': 'nest', 'nested-attributes': 'act-attrs' },
          bitfield('flags'),
          u32('count'),
          u32('time-delta'),
          text('ext-warn-msg'),
        ]),
      ],
    },
    {
      header: 'linux/rtnetlink.h',
      addOperations: [
        operation('newaction', 'action-root-attrs', { do: [48] }, ACTION),
        operation('delaction', 'action-root-attrs', { do: [49] }, ACTION),
        operation('getaction', 'action-root-attrs', { do: [50, 50], dump: [50, 50] }, ACTION),
        notification('newaction-ntf', 'getaction', 48, GROUP),
        notification('delaction-ntf', 'getaction', 49, GROUP),
      ],
    },
    {
      header: SCHED,
      changeDefinition: 'tc-fq-qd-stats',
      to: { minimum: 104 },
      reason: 'fastpath_packets and the bands are missing up to Linux 6.6',
    },
    {
      header: SCHED,
      changeDefinition: 'tc-ratespec',
      to: { members: [u8('cell-log'), u8('linklayer'), u16('overhead'), s16('cell-align'), u16('mpu'), u32('rate')] },
      reason: 'three members have 16 bits',
    },
    {
      header: 'linux/gen_stats.h',
      changeDefinition: 'gnet-stats-basic',
      to: { members: [u64('bytes'), u32('packets'), gap('pad', 4)] },
      reason: 'the padding is missing',
    },
    {
      header: SCHED,
      changeDefinition: 'tc-stats',
      to: {
        members: [
          u64('bytes'),
          u32('packets'),
          u32('drops'),
          u32('overlimits'),
          u32('bps'),
          u32('pps'),
          u32('qlen'),
          u32('backlog'),
          gap('pad', 4),
        ],
      },
      reason: 'the padding is missing',
    },
    {
      header: 'linux/pkt_cls.h',
      changeDefinition: 'tc-u32-sel',
      to: {
        members: [
          u8('flags'),
          u8('offshift'),
          u8('nkeys'),
          gap('pad', 1),
          be16('offmask'),
          u16('off'),
          s16('offoff'),
          s16('hoff'),
          be32('hmask'),
          { name: 'keys', type: 'binary', struct: 'tc-u32-key', repeated: true },
        ],
      },
      reason: 'the padding is missing, and there are many keys',
    },
    {
      header: 'linux/pkt_cls.h',
      changeDefinition: 'tc-u32-pcnt',
      to: { members: [u64('rcnt'), u64('rhit'), { name: 'kcnts', type: 'binary', 'sub-type': 'u64' }] },
      reason: 'one counter for each key',
    },
    {
      header: 'linux/tc_act/tc_pedit.h',
      changeDefinition: 'tc-pedit-sel',
      to: {
        members: [
          u32('index'),
          u32('capab'),
          s32('action'),
          s32('refcnt'),
          s32('bindcnt'),
          u8('nkeys'),
          u8('flags'),
          gap('pad', 2),
          { name: 'keys', type: 'binary', struct: 'tc-pedit-key', repeated: true },
        ],
      },
      reason: 'the padding is missing, and there are many keys',
    },
    {
      header: SCHED,
      changeDefinition: 'tc-mqprio-qopt',
      to: { members: [u8('num-tc'), list('prio-tc-map', 'u8', 16), u8('hw'), list('count', 'u16', 32), list('offset', 'u16', 32)] },
      reason: 'arrays, not bytes',
    },
    {
      header: SCHED,
      changeDefinition: 'tc-prio-qopt',
      to: { members: [s32('bands'), list('priomap', 'u8', 16)] },
      reason: 'the map is an array, and the number is signed',
    },
    {
      header: SCHED,
      changeDefinition: 'tc-etf-qopt',
      to: { members: [s32('delta'), s32('clockid'), u32('flags')] },
      reason: 'flags are not signed',
    },
    {
      header: 'linux/tc_act/tc_vlan.h',
      set: 'act-vlan-attrs',
      changeAttribute: 'push-vlan-protocol',
      to: { 'byte-order': 'big-endian' },
    },
    {
      header: SCHED,
      addDefinitions: [layout('tc-htb-xstats', [u32('lends'), u32('borrows'), u32('giants'), s32('tokens'), s32('ctokens')])],
    },
    { header: SCHED, subMessage: 'tca-stats-app-msg', addFormats: [{ value: 'htb', 'fixed-header': 'tc-htb-xstats' }] },
    // TCA_SFB_PARMS: an attribute that holds the struct
    { header: SCHED, addSets: [set('sfb-attrs', 'tca-sfb-', [struct('parms', 'tc-sfb-qopt')])] },
    { header: SCHED, subMessage: 'options-msg', changeFormat: 'sfb', to: { 'fixed-header': null, 'attribute-set': 'sfb-attrs' } },
    {
      header: SCHED,
      reason: 'attributes follow the struct',
      addSets: [
        set('mqprio-attrs', 'tca-mqprio-', [
          u16('mode'),
          u16('shaper'),
          nest('min-rate64', 'mqprio-min-rate-attrs'),
          nest('max-rate64', 'mqprio-max-rate-attrs'),
          nest('tc-entry', 'mqprio-tc-entry-attrs', { 'multi-attr': true }),
        ]),
        set('mqprio-min-rate-attrs', 'tca-mqprio-', [u64('min-rate64', { value: 3, 'multi-attr': true })]),
        set('mqprio-max-rate-attrs', 'tca-mqprio-', [u64('max-rate64', { value: 4, 'multi-attr': true })]),
        set('mqprio-tc-entry-attrs', 'tca-mqprio-tc-entry-', [u32('index'), u32('fp')]),
      ],
    },
    { header: SCHED, subMessage: 'options-msg', changeFormat: 'mqprio', to: { 'attribute-set': 'mqprio-attrs' } },
    { header: SCHED, addDefinitions: [layout('tc-skbprio-qopt', [u32('limit')])] },
    { header: SCHED, subMessage: 'options-msg', addFormats: [{ value: 'skbprio', 'fixed-header': 'tc-skbprio-qopt' }] },
    { header: SCHED, subMessage: 'options-msg', addFormats: [{ value: 'noop' }, { value: 'noqueue' }] },
    { header: SCHED, set: 'taprio-attrs', changeAttribute: 'tc-entry', to: { 'multi-attr': true }, reason: 'one for each traffic class' },
    {
      header: SCHED,
      set: 'taprio-attrs',
      changeAttribute: 'admin-sched',
      to: { type: 'nest', 'nested-attributes': 'taprio-attrs' },
      reason: 'the schedule to come has the attributes of the present one',
    },
    {
      header: 'linux/pkt_cls.h',
      set: 'flow-attrs',
      changeAttribute: 'act',
      to: { type: 'indexed-array', 'sub-type': 'nest', 'nested-attributes': 'act-attrs' },
      reason: 'actions, as other filters have them',
    },
    ...['flow-attrs', 'cgroup-attrs'].map((set) => ({
      header: 'linux/pkt_cls.h',
      set,
      changeAttribute: 'ematches',
      to: { type: 'nest', 'nested-attributes': 'ematch-attrs' },
      reason: 'a tree, as the basic filter has it',
    })),
    { header: SCHED, set: 'gred-attrs', changeAttribute: 'parms', to: { struct: 'tc-gred-qopt', repeated: true } },
    ...tcActions,
    ...tcClasses,
    ...tcReads,
    ...tcEnums,
  ],
};

/** Returns a member that is an array of scalars. */
function list(name: string, type: string, length: number): { readonly name: string } {
  return { name, type: 'binary', 'sub-type': type, len: length } as { readonly name: string };
}
