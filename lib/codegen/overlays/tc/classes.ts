import type { OverlayEntry } from '../../overlay.js';
import { format, layout, u32, u64 } from '../words.js';

const SCHED = 'linux/pkt_sched.h';
const RTNETLINK = 'linux/rtnetlink.h';

/** The disciplines whose classes have options; the options of HFSC classes differ from those of HFSC itself. */
const KINDS = ['drr', 'ets', 'hfsc', 'htb', 'qfq'];
/** The disciplines whose classes have neither options nor counters of their own. */
const PLAIN = ['cbs', 'etf', 'mq', 'mqprio', 'multiq', 'netem', 'prio', 'skbprio', 'taprio', 'tbf'];
/** Attributes of a class beside its options, and its counters. */
const COMMON = ['kind', 'stats', 'xstats', 'rate', 'fcnt', 'stats2', 'stab', 'chain', 'ext-warn-msg'];

/** The counters that a class has and its discipline does not. */
const COUNTED = [
  layout('tc-hfsc-stats', [u64('work'), u64('rtwork'), u32('period'), u32('level')]),
  layout('tc-drr-stats', [u32('deficit')]),
  layout('tc-qfq-stats', [u32('weight'), u32('lmax')]),
];

/** The classes of disciplines. @internal */
export const tcClasses: readonly OverlayEntry[] = [
  { header: SCHED, addDefinitions: [layout('tc-service-curve', [u32('m1'), u32('d'), u32('m2')]), ...COUNTED] },
  ...['rsc', 'fsc', 'usc'].map((name) => ({
    header: SCHED,
    set: 'hfsc-attrs',
    changeAttribute: name,
    to: { struct: 'tc-service-curve' },
  })),
  {
    header: SCHED,
    subMessage: 'tca-stats-app-msg',
    addFormats: ['hfsc', 'drr', 'qfq'].map((kind) => ({ value: kind, 'fixed-header': `tc-${kind}-stats` })),
  },
  {
    header: SCHED,
    addSubMessages: [
      {
        name: 'class-options-msg',
        formats: [...KINDS.map((kind) => format(kind, `${kind}-attrs`)), ...PLAIN.map((kind) => ({ value: kind }))],
      },
    ],
  },
  {
    header: RTNETLINK,
    reason: 'the options of a class are not those of its discipline: HFSC has a struct, its classes attributes',
    addSets: [
      {
        name: 'class-attrs',
        'subset-of': 'attrs',
        attributes: [...COMMON.map((name) => ({ name })), { name: 'options', 'sub-message': 'class-options-msg' }],
      },
    ],
  },
  ...(
    [
      ['newtclass', { do: { request: { value: 40, attributes: ['kind', 'options', 'rate'] } } }],
      ['deltclass', {}],
      [
        'gettclass',
        {
          do: { request: { value: 42 }, reply: { value: 40 } },
          dump: { request: { value: 42 }, reply: { value: 40 } },
        },
      ],
    ] as const
  ).map(([changeOperation, modes]) => ({ header: RTNETLINK, changeOperation, to: { 'attribute-set': 'class-attrs', ...modes } })),
];
