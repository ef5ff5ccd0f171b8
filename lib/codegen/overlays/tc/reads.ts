import type { OverlayEntry } from '../../overlay.js';
import { u32 } from '../words.js';

/** TCA_CLS_FLAGS_SKIP_HW, SKIP_SW, VERBOSE: what a request may have (tc_flags_valid). The kernel adds where the filter is. */
const FILTER_FLAGS = 1 | 2 | 16;

/** Actions that report when they were used. */
const TIMED_ACTIONS = [
  'bpf',
  'connmark',
  'csum',
  'ct',
  'ctinfo',
  'gate',
  'ife',
  'mirred',
  'mpls',
  'nat',
  'pedit',
  'simple',
  'skbedit',
  'skbmod',
  'tunnel-key',
  'vlan',
  'sample',
  'gact',
];

/** Disciplines and filters can be written back as they were read. @internal */
export const tcReads: readonly OverlayEntry[] = [
  {
    header: 'linux/pkt_sched.h',
    changeDefinition: 'tc-htb-glob',
    to: {
      members: [
        u32('version', { write: { replace: [{ read: 0x30011, written: 3 }] } }),
        u32('rate2quantum'),
        u32('defcls'),
        u32('debug'),
        u32('direct-pkts'),
      ],
    },
    reason: 'reported whole (HTB_VER), compared without its lower half (htb_init)',
  },
  ...TIMED_ACTIONS.map((name) => ({
    header: 'linux/pkt_cls.h',
    set: `act-${name}-attrs`,
    changeAttribute: 'tm',
    to: { write: { never: true } },
    reason: 'times of use; EINVAL in actions whose policy is strict (sample, mpls, ctinfo, gate)',
  })),
  ...['stats-dscp-set', 'stats-dscp-error', 'stats-cpmark-set'].map((changeAttribute) => ({
    header: 'linux/tc_act/tc_ctinfo.h',
    set: 'act-ctinfo-attrs',
    changeAttribute,
    to: { write: { never: true } },
    reason: 'counters; not in ctinfo_policy',
  })),
  ...['codel-attrs', 'fq-codel-attrs'].flatMap((set) =>
    ['target', 'interval', 'ce-threshold'].map((changeAttribute) => ({
      header: 'linux/pkt_sched.h',
      set,
      changeAttribute,
      to: { write: { add: 1 } },
      reason: 'kept in units of 1,024 ns and rounded down when written and when reported (CODEL_SHIFT): one more gives what was reported',
    })),
  ),
  ...(
    [
      ['bpf-attrs', 'flags-gen'],
      ['flower-attrs', 'flags'],
      ['matchall-attrs', 'flags'],
      ['u32-attrs', 'flags'],
    ] as const
  ).map(([set, changeAttribute]) => ({
    header: 'linux/pkt_cls.h',
    set,
    changeAttribute,
    to: { write: { mask: FILTER_FLAGS } },
    reason: 'the kernel adds IN_HW or NOT_IN_HW and refuses them',
  })),
];
