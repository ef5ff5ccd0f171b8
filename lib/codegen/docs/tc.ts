import type { DocumentedOwner } from '../write/property-docs.js';
import { tcActionDocs } from './tc-actions.js';
import { tcSchedulerDocs } from './tc-schedulers.js';

/** @internal */
export const tcDocs: readonly DocumentedOwner[] = [
  {
    of: 'tcmsg',
    header: 'linux/rtnetlink.h',
    docs: {
      handle: 'Major number in the upper 16 bits, minor number in the lower: 0x10001 is 1:1. Of a filter what its kind makes of it.',
      parent: 'Handle of what it hangs on; 0xffffffff (`TC_H_ROOT`) is the root, 0xfffffff1 (`TC_H_INGRESS`) ingress.',
      info: 'Of a filter its priority in the upper 16 bits, its protocol in the lower, big-endian. Of a qdisc the number of references.',
    },
  },
  {
    of: 'tc-cbs-qopt',
    header: 'linux/pkt_sched.h',
    docs: {
      idleslope: 'In kbit/s.',
      sendslope: 'In kbit/s, negative.',
      hicredit: 'In bytes.',
      locredit: 'In bytes, negative.',
    },
  },
  {
    of: 'tc-etf-qopt',
    header: 'linux/pkt_sched.h',
    docs: {
      delta: 'In nanoseconds.',
    },
  },
  {
    of: 'tc-htb-opt',
    header: 'linux/pkt_sched.h',
    docs: {
      buffer: 'Time that the burst takes at `rate`, in ticks of 64 ns (`/proc/net/psched`).',
      cbuffer: 'Time that the burst takes at `ceil`, in ticks of 64 ns (`/proc/net/psched`).',
      quantum: 'Bytes that a class sends before the next.',
    },
  },
  {
    of: 'htb-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      rate64: 'In bytes per second; present if `parms.rate` cannot hold it.',
      ceil64: 'In bytes per second; present if `parms.ceil` cannot hold it.',
      'direct-qlen': 'In packets.',
    },
  },
  {
    of: 'tc-htb-glob',
    header: 'linux/pkt_sched.h',
    docs: {
      rate2quantum: 'The quantum of a class is its rate in bytes per second, divided by this.',
      defcls: 'Minor number of the default class.',
    },
  },
  {
    of: 'tc-netem-qopt',
    header: 'linux/pkt_sched.h',
    docs: {
      latency: 'Delay in ticks of 64 ns (`/proc/net/psched`); `latency64` has nanoseconds.',
      jitter: 'Variation of the delay in ticks of 64 ns (`/proc/net/psched`); `jitter64` has nanoseconds.',
      loss: 'Probability of loss: 0xffffffff is 100 %.',
      duplicate: 'Probability of duplication: 0xffffffff is 100 %.',
      limit: 'In packets.',
    },
  },
  {
    of: 'netem-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      rate64: 'In bytes per second; present if `rate.rate` cannot hold it.',
      latency64: 'Delay in nanoseconds.',
      jitter64: 'Variation of the delay in nanoseconds.',
    },
  },
  {
    of: 'tc-netem-rate',
    header: 'linux/pkt_sched.h',
    docs: {
      rate: 'In bytes per second; 0xffffffff: see `rate64`.',
      'packet-overhead': 'Bytes that are added to each packet.',
      'cell-size': 'In bytes.',
      'cell-overhead': 'In bytes.',
    },
  },
  {
    of: 'tc-netem-slot',
    header: 'linux/pkt_sched.h',
    docs: {
      'min-delay': 'In nanoseconds.',
      'max-delay': 'In nanoseconds.',
      'dist-delay': 'In nanoseconds.',
      'dist-jitter': 'In nanoseconds.',
    },
  },
  {
    of: 'tc-netem-corr',
    header: 'linux/pkt_sched.h',
    docs: {
      'delay-corr': '0xffffffff is 100 %.',
      'loss-corr': '0xffffffff is 100 %.',
      'dup-corr': '0xffffffff is 100 %.',
    },
  },
  {
    of: 'tc-netem-reorder',
    header: 'linux/pkt_sched.h',
    docs: {
      probability: '0xffffffff is 100 %.',
      correlation: '0xffffffff is 100 %.',
    },
  },
  {
    of: 'tc-netem-corrupt',
    header: 'linux/pkt_sched.h',
    docs: {
      probability: '0xffffffff is 100 %.',
      correlation: '0xffffffff is 100 %.',
    },
  },
  {
    of: 'tc-sfb-qopt',
    header: 'linux/pkt_sched.h',
    docs: {
      'rehash-interval': 'In milliseconds.',
      'warmup-time': 'In milliseconds.',
      'penalty-rate': 'In packets per second.',
      'penalty-burst': 'In packets.',
    },
  },
  {
    of: 'tc-ratespec',
    header: 'linux/pkt_sched.h',
    docs: {
      rate: 'In bytes per second; 0xffffffff: the attribute beside it with 64 bits has the rate.',
      overhead: 'Bytes that are added to each packet.',
      mpu: 'Smallest size in bytes that a packet counts for.',
    },
  },
  {
    of: 'tc-tbf-qopt',
    header: 'linux/pkt_sched.h',
    docs: {
      buffer: 'Time that the burst takes at `rate`, in ticks of 64 ns (`/proc/net/psched`); `burst` has bytes.',
      mtu: 'Time that the peak burst takes at `peakrate`, in ticks of 64 ns (`/proc/net/psched`); `pburst` has bytes.',
      limit: 'In bytes.',
    },
  },
  {
    of: 'tbf-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      rate64: 'In bytes per second; present if `parms.rate` cannot hold it.',
      prate64: 'Peak rate in bytes per second.',
      burst: 'In bytes; written instead of `parms.buffer`.',
      pburst: 'In bytes; written instead of `parms.mtu`.',
    },
  },
  {
    of: 'tc-fq-qd-stats',
    header: 'linux/pkt_sched.h',
    docs: {
      'time-next-delayed-flow': 'In nanoseconds.',
      'unthrottle-latency-ns': 'In nanoseconds.',
      'horizon-drops': 'Packets dropped because they were to be sent beyond the horizon.',
      'horizon-caps': 'Packets moved to the horizon.',
    },
  },
  {
    of: 'fq-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'timer-slack': 'In nanoseconds.',
      horizon: 'In microseconds.',
      'ce-threshold': 'In microseconds.',
      'flow-refill-delay': 'In microseconds.',
      'flow-max-rate': 'In bytes per second; 0xffffffff means no limit.',
      'flow-default-rate': 'In bytes per second.',
      'low-rate-threshold': 'In bytes per second.',
    },
  },
  ...tcSchedulerDocs,
  ...tcActionDocs,
];
