import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const rtRouteDocs: readonly DocumentedOwner[] = [
  {
    of: 'rtmsg',
    header: 'linux/rtnetlink.h',
    docs: {
      'rtm-table':
        'Routing table up to 255, one of {@link RtTable}; `table` has numbers of any size, and this is 252 (`RT_TABLE_COMPAT`) then.',
      'rtm-protocol': 'Who added the route; {@link RtProtocol} has the numbers with names.',
      'rtm-scope': 'How far the destination is; {@link RtScope} has the numbers with names.',
    },
  },
  {
    of: 'rta-cacheinfo',
    header: 'linux/rtnetlink.h',
    docs: {
      'rta-lastuse': 'Time since the last use, in clock ticks of 1/100 s (`USER_HZ`).',
      'rta-expires': 'Time until the route expires, in clock ticks of 1/100 s (`USER_HZ`); negative if it has expired, 0 if it does not.',
      'rta-error': 'A negative error number in 32 bits without sign, e.g. 4294967183 for -113; 0 is none.',
      'rta-used': 'Number of uses.',
      'rta-ts': 'Always 0.',
      'rta-tsage': 'Always 0.',
      'rta-id': 'Always 0.',
    },
  },
  {
    of: 'route-attrs',
    header: 'linux/rtnetlink.h',
    docs: {
      expires: 'Seconds until the route expires; of a multicast route in clock ticks of 1/100 s (`USER_HZ`).',
      table: 'Routing table; {@link RtTable} has the numbers with names.',
      priority: 'Metric: the route with the lowest is used.',
      pref: 'Preference of the router (RFC 4191).',
    },
  },
  {
    of: 'rtnexthop',
    header: 'linux/rtnetlink.h',
    docs: {
      'rtnh-hops': 'Weight of the nexthop less one.',
    },
  },
  {
    of: 'nhmsg',
    header: 'linux/nexthop.h',
    docs: {
      'nh-protocol': 'Who added the nexthop; {@link RtProtocol} has the numbers with names.',
      'nh-scope': '{@link RtScope} has the numbers with names.',
    },
  },
  {
    of: 'nexthop-grp',
    header: 'linux/nexthop.h',
    docs: {
      weight: 'Weight less one, lower 8 bits.',
      'weight-high': 'Weight less one, upper 8 bits.',
    },
  },
  {
    of: 'metrics',
    header: 'linux/rtnetlink.h',
    docs: {
      lock: 'Bit n: the metric with number n (`RTAX_*`) is fixed, e.g. 4 for `mtu`.',
      rtt: 'In units of 1/8 ms.',
      rttvar: 'In units of 1/4 ms.',
      'rto-min': 'In milliseconds.',
      window: 'In bytes.',
      advmss: 'In bytes.',
      ssthresh: 'In packets.',
      cwnd: 'In packets.',
      initcwnd: 'In packets.',
      initrwnd: 'In packets.',
      features: 'Bits of `RTAX_FEATURE_*`: 1 ECN, 8 ALLFRAG, 16 TCP_USEC_TS.',
    },
  },
  {
    of: 'nexthop-res-group-attrs',
    header: 'linux/nexthop.h',
    docs: {
      'idle-timer': 'Time without traffic after which a bucket may move, in clock ticks of 1/100 s (`USER_HZ`).',
      'unbalanced-timer': 'Time after which an unbalanced group moves buckets anyway; 0 is never, in clock ticks of 1/100 s (`USER_HZ`).',
      'unbalanced-time': 'How long the group has been unbalanced, in clock ticks of 1/100 s (`USER_HZ`).',
    },
  },
  {
    of: 'nexthop-res-bucket-attrs',
    header: 'linux/nexthop.h',
    docs: {
      'idle-time': 'Time without traffic, in clock ticks of 1/100 s (`USER_HZ`).',
    },
  },
  {
    of: 'encap-bpf-attrs',
    header: 'linux/lwtunnel.h',
    docs: {
      'xmit-headroom': 'In bytes.',
    },
  },
  {
    of: 'encap-ioam6-attrs',
    header: 'linux/ioam6_iptunnel.h',
    docs: {
      'freq-k': 'Trace data is put into this many of `freqN` packets.',
      'freq-n': 'See `freqK`.',
    },
  },
  {
    of: 'nexthop-attrs',
    header: 'linux/nexthop.h',
    docs: {
      'hw-stats-used': '1: the hardware counts.',
    },
  },
];
