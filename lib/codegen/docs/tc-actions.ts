import type { DocumentedOwner } from '../write/property-docs.js';

/** Structs that begin with `tc_gen` of linux/pkt_cls.h. */
const ACTIONS = [
  'tc-act-bpf',
  'tc-connmark',
  'tc-csum',
  'tc-ct',
  'tc-ctinfo',
  'tc-defact',
  'tc-gact',
  'tc-gate',
  'tc-ife',
  'tc-mirred',
  'tc-mpls',
  'tc-nat',
  'tc-pedit-sel',
  'tc-skbedit',
  'tc-skbmod',
  'tc-tunnel-key',
  'tc-vlan',
];

/** @internal */
export const tcActionDocs: readonly DocumentedOwner[] = [
  ...ACTIONS.map((of) => ({
    of,
    header: 'linux/pkt_cls.h',
    docs: { action: 'What follows, one of {@link TcAct}; of a jump or a chain its number is in the lower bits.' },
  })),
  {
    of: 'tcf-t',
    header: 'linux/pkt_cls.h',
    docs: {
      install: 'Time since it was made, in clock ticks of 1/100 s (`USER_HZ`).',
      lastuse: 'Time since the last use, in clock ticks of 1/100 s (`USER_HZ`).',
      expires: 'Time until it expires, in clock ticks of 1/100 s (`USER_HZ`); 0 is never.',
      firstuse: 'Time since the first use, in clock ticks of 1/100 s (`USER_HZ`).',
    },
  },
  {
    of: 'tc-police',
    header: 'linux/pkt_cls.h',
    docs: {
      burst: 'Time that the burst takes at `rate`, in ticks of 64 ns (`/proc/net/psched`).',
      action: 'What happens to packets that exceed the rate, one of {@link TcAct}.',
      mtu: 'Largest packet in bytes.',
    },
  },
  {
    of: 'police-attrs',
    header: 'linux/pkt_cls.h',
    docs: {
      rate: 'Transmission times of `tbf.rate`, 1,024 bytes. The kernel needs them and ignores their values: requests that omit them send zeros.',
      peakrate: 'Transmission times of `tbf.peakrate`, as in `rate`.',
      avrate: 'In bytes per second.',
      result: 'What happens to packets within the rate, one of {@link TcAct}.',
      rate64: 'In bytes per second.',
      peakrate64: 'In bytes per second.',
      pktrate64: 'In packets per second.',
      pktburst64: 'Time that the burst takes at `pktrate64`, in ticks of 64 ns (`/proc/net/psched`).',
    },
  },
  {
    of: 'act-gate-attrs',
    header: 'linux/tc_act/tc_gate.h',
    docs: {
      'base-time': 'In nanoseconds of the clock `clockid`.',
      'cycle-time': 'In nanoseconds.',
      'cycle-time-ext': 'In nanoseconds.',
    },
  },
  {
    of: 'gate-entry-attrs',
    header: 'linux/tc_act/tc_gate.h',
    docs: {
      interval: 'In nanoseconds.',
      'max-octets': 'In bytes; -1 means no limit.',
    },
  },
  {
    of: 'act-sample-attrs',
    header: 'linux/tc_act/tc_sample.h',
    docs: {
      rate: 'One of so many packets is sampled.',
      'trunc-size': 'In bytes.',
    },
  },
  {
    of: 'action-root-attrs',
    header: 'linux/rtnetlink.h',
    docs: {
      'time-delta': 'Only actions used in the last so many milliseconds are dumped.',
    },
  },
];
