import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const rtNeighDocs: readonly DocumentedOwner[] = [
  {
    of: 'ndmsg',
    header: 'linux/neighbour.h',
    docs: {
      'ndm-state': 'State bits, flags of {@link NudState}. A reply has one of them.',
    },
  },
  {
    of: 'nda-cacheinfo',
    header: 'linux/neighbour.h',
    docs: {
      confirmed: 'Time since the last confirmation, in clock ticks of 1/100 s (`USER_HZ`).',
      used: 'Time since the last use, in clock ticks of 1/100 s (`USER_HZ`).',
      updated: 'Time since the last change, in clock ticks of 1/100 s (`USER_HZ`).',
      refcnt: 'Number of references.',
    },
  },
  {
    of: 'neighbour-attrs',
    header: 'linux/neighbour.h',
    docs: {
      protocol: 'Who added the entry; {@link RtProtocol} has the numbers with names.',
      probes: 'Number of probes sent so far.',
    },
  },
  {
    of: 'ndt-config',
    header: 'linux/neighbour.h',
    docs: {
      'last-flush': 'Milliseconds since the last flush.',
      'last-rand': 'Milliseconds since the reachable time was last chosen.',
      'key-len': 'In bytes.',
      'entry-size': 'In bytes.',
    },
  },
  {
    of: 'ndt-stats',
    header: 'linux/neighbour.h',
    docs: {
      'periodic-gc-runs': 'Number of periodic garbage collections.',
      'forced-gc-runs': 'Number of forced garbage collections.',
    },
  },
  {
    of: 'ndt-attrs',
    header: 'linux/neighbour.h',
    docs: {
      'gc-interval': 'In milliseconds.',
      thresh1: 'Number of entries below which nothing is collected.',
      thresh2: 'Number of entries that may be exceeded for 5 seconds.',
      thresh3: 'Largest number of entries.',
    },
  },
  {
    of: 'ndtpa-attrs',
    header: 'linux/neighbour.h',
    docs: {
      'reachable-time': 'In milliseconds.',
      'base-reachable-time': 'In milliseconds.',
      'retrans-time': 'In milliseconds.',
      'gc-staletime': 'In milliseconds.',
      'delay-probe-time': 'In milliseconds.',
      'anycast-delay': 'In milliseconds.',
      'proxy-delay': 'In milliseconds.',
      locktime: 'In milliseconds.',
      'interval-probe-time-ms': 'In milliseconds.',
      'queue-len': 'Packets that wait for an address, estimated from `queueLenbytes`.',
      'queue-lenbytes': 'Bytes of packets that may wait for an address.',
    },
  },
];
