import type { OverlayEntry } from '../../overlay.js';
import { u32 } from '../words.js';

/** TCA_CLS_FLAGS_SKIP_HW, SKIP_SW, VERBOSE: the flags of a request (tc_flags_valid). The kernel adds whether the filter is in hardware. */
const FILTER_FLAGS = 1 | 2 | 16;

/** The actions that report when they were used. */
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

/**
 * Shifts by which a queue's average decays while it is idle (red_calc_qavg_from_idle_time). `tc` computes it from the bandwidth, so that the average is 0
 * (a shift of 31) after 256 to 512 cells of Scell-log; the kernel reports Scell-log only. 362 is the middle of the two, in proportion.
 */
const IDLE_DAMPING = { beside: 'parms', size: 256, ramp: { to: 31, over: 362 } };

/** TC_RTAB_SIZE. The kernel computes the times itself; `tc` sends cells of 8 bytes by default. */
const rateTable = (rate: string): object => ({
  fill: { beside: `tbf.${rate}.rate`, size: 1024, member: { path: `tbf.${rate}.cell-log`, value: 3 } },
});

/** Rules for writing disciplines and filters back: they omit values that the kernel rejects. @internal */
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
  ...['red-attrs', 'choke-attrs', 'gred-attrs'].map((set) => ({
    header: 'linux/pkt_sched.h',
    set,
    changeAttribute: 'stab',
    to: { write: { fill: IDLE_DAMPING } },
    reason: 'EINVAL without it (__red_change, choke_change, gred_change)',
  })),
  {
    header: 'linux/pkt_sched.h',
    set: 'red-attrs',
    changeAttribute: 'flags',
    to: { write: { 'also-in': 'parms.flags' } },
    reason:
      'EINVAL if both have bits (red_get_flags); `tc` writes this one, although TC_RED_ADAPTATIVE has an effect in the struct only (__red_change)',
  },
  ...['rate', 'peakrate'].map((changeAttribute) => ({
    header: 'linux/pkt_cls.h',
    set: 'police-attrs',
    changeAttribute,
    to: { write: rateTable(changeAttribute) },
    reason: 'ENOMEM without a table, and for a cell-log of 0 (qdisc_get_rtab)',
  })),
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
