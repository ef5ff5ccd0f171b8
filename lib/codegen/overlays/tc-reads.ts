import type { OverlayEntry } from '../overlay.js';
import { u32 } from './words.js';

/** TCA_CLS_FLAGS_SKIP_HW, SKIP_SW, VERBOSE: what a request may have (tc_flags_valid). The kernel adds where the filter is. */
const FILTER_FLAGS = 1 | 2 | 16;

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
