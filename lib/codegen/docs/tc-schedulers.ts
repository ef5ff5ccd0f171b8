import type { DocumentedOwner } from '../write/property-docs.js';

/** Schedulers that measure delay. @internal */
export const tcSchedulerDocs: readonly DocumentedOwner[] = [
  {
    of: 'tc-service-curve',
    header: 'linux/pkt_sched.h',
    docs: {
      m1: 'Rate of the first segment in bytes per second.',
      d: 'Length of the first segment in microseconds.',
      m2: 'Rate of the second segment in bytes per second.',
    },
  },
  {
    of: 'tc-hfsc-stats',
    header: 'linux/pkt_sched.h',
    docs: {
      work: 'Bytes sent.',
      rtwork: 'Bytes sent by the real-time criterion.',
      period: 'Number of active periods.',
    },
  },
  {
    of: 'cake-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'base-rate64': 'In bytes per second; 0 means no limit.',
      rtt: 'In microseconds.',
      target: 'In microseconds.',
      autorate: '1: the rate is measured.',
      memory: 'In bytes.',
      overhead: 'Bytes that are added to each packet.',
    },
  },
  {
    of: 'cake-stats-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'memory-used': 'In bytes.',
      'memory-limit': 'In bytes.',
      'blue-timer-us': 'In microseconds.',
      'capacity-estimate64': 'In bytes per second.',
    },
  },
  {
    of: 'cake-tin-stats-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'threshold-rate64': 'In bytes per second.',
      'target-us': 'In microseconds.',
      'interval-us': 'In microseconds.',
      'peak-delay-us': 'In microseconds.',
      'avg-delay-us': 'In microseconds.',
      'base-delay-us': 'In microseconds.',
      'flow-quantum': 'In bytes.',
    },
  },
  {
    of: 'codel-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      target: 'In microseconds.',
      interval: 'In microseconds.',
      'ce-threshold': 'In microseconds.',
      limit: 'In packets.',
    },
  },
  {
    of: 'fq-codel-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      target: 'In microseconds.',
      interval: 'In microseconds.',
      'ce-threshold': 'In microseconds.',
      quantum: 'In bytes.',
      limit: 'In packets.',
      'memory-limit': 'In bytes.',
    },
  },
  {
    of: 'fq-pie-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      target: 'In microseconds.',
      tupdate: 'In microseconds.',
      quantum: 'In bytes.',
      'memory-limit': 'In bytes.',
      'dq-rate-estimator': '1: the delay is estimated from the rate of departures, 0: from timestamps.',
    },
  },
  {
    of: 'pie-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      target: 'In microseconds.',
      tupdate: 'In microseconds.',
      'dq-rate-estimator': '1: the delay is estimated from the rate of departures, 0: from timestamps.',
    },
  },
  {
    of: 'drr-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      quantum: 'In bytes.',
    },
  },
  {
    of: 'hhf-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      quantum: 'In bytes.',
      'reset-timeout': 'In microseconds.',
      'evict-timeout': 'In microseconds.',
      'admit-bytes': 'In bytes.',
    },
  },
  {
    of: 'ets-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'quanta-band': 'In bytes.',
    },
  },
  {
    of: 'taprio-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'sched-base-time': 'In nanoseconds of the clock `schedClockid`.',
      'sched-cycle-time': 'In nanoseconds.',
      'sched-cycle-time-extension': 'In nanoseconds.',
      'txtime-delay': 'In nanoseconds.',
    },
  },
  {
    of: 'taprio-sched-entry',
    header: 'linux/pkt_sched.h',
    docs: {
      interval: 'In nanoseconds.',
    },
  },
  {
    of: 'mqprio-min-rate-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'min-rate64': 'In bytes per second.',
    },
  },
  {
    of: 'mqprio-max-rate-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      'max-rate64': 'In bytes per second.',
    },
  },
  ...['red-attrs', 'choke-attrs', 'gred-attrs'].map((of) => ({
    of,
    header: 'linux/pkt_sched.h',
    docs: {
      stab:
        'Decay of the average while the queue is idle: 256 shifts, one for each cell of 2^`scellLog` us. The kernel does not report it; requests ' +
        'that omit it send a table that ends with a shift of 31.',
    },
  })),
  {
    of: 'gred-attrs',
    header: 'linux/pkt_sched.h',
    docs: {
      parms: 'The virtual queues. A request configures one of them, without `limit`, after `dps` has created the discipline.',
    },
  },
  {
    of: 'gnet-estimator',
    header: 'linux/gen_stats.h',
    docs: {
      interval: 'Sampling interval as a power of two of a second, from -2 (250 ms) to 3 (8 s).',
    },
  },
];
