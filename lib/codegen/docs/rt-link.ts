import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const rtLinkDocs: readonly DocumentedOwner[] = [
  {
    of: 'ifinfomsg',
    header: 'linux/if_arp.h',
    docs: {
      'ifi-type': 'Type of the hardware address, one of {@link Arphrd}.',
    },
  },
  {
    of: 'ifinfomsg',
    header: 'linux/rtnetlink.h',
    docs: {
      'ifi-change': 'Mask of the bits of `ifiFlags` that a request changes; 0xffffffff in the event of a new link.',
    },
  },
  {
    of: 'link-attrs',
    header: 'linux/if_link.h',
    docs: {
      operstate: 'State by RFC 2863 (`IF_OPER_*`). A link without carrier detection stays `unknown` while it is up.',
      linkmode: 'How the state follows the carrier (`IF_LINK_MODE_*`).',
      txqlen: 'Length of the transmit queue in packets.',
      promiscuity: 'Number of users that need promiscuous mode; not a flag.',
      allmulti: 'Number of users that need all multicast packets; not a flag.',
      carrier: '1 with carrier, 0 without.',
      link: 'Index of the interface that this one is on or, of a veth, its peer; in the namespace `linkNetnsid` if that is present.',
      'link-netnsid': 'Id of the namespace that `link` belongs to; local to this namespace (`ip netns list-id`).',
      'target-netnsid': 'Id of the namespace that a request reads or changes.',
      'new-netnsid': 'Id of the namespace that the interface moved to; only in the event of its removal.',
      'new-ifindex': 'Index of the interface in the namespace that it moved to.',
      'gso-max-size': 'Largest packet in bytes that the interface segments (IPv6 and others).',
      'gso-max-segs': 'Largest number of segments of such a packet.',
      'gro-max-size': 'Largest packet in bytes that is put together on reception.',
      'max-pacing-offload-horizon': 'How far ahead the device can delay packets, in nanoseconds.',
      headroom: 'Bytes that drivers need in front of a packet.',
      tailroom: 'Bytes that drivers need behind a packet.',
      'num-vf': 'Number of virtual functions.',
      'proto-down': '1 while a protocol or program keeps the link down.',
    },
  },
  {
    of: 'ifla-cacheinfo',
    header: 'linux/if_link.h',
    docs: {
      'max-reasm-len': 'Largest reassembled packet in bytes.',
      tstamp: 'Time of the last change of the configuration, in 1/100 s since boot.',
      'reachable-time': 'In milliseconds.',
      'retrans-time': 'In milliseconds.',
    },
  },
  {
    of: 'ifla6-attrs',
    header: 'linux/if_link.h',
    docs: {
      'addr-gen-mode': 'How link-local addresses are made (`IN6_ADDR_GEN_MODE_*`).',
      'ra-mtu': 'MTU in bytes that the last router advertisement named.',
      flags: 'Flags of the IPv6 interface (`IF_RA_*`, `IF_READY`).',
    },
  },
  {
    of: 'ifla-vf-tx-rate',
    header: 'linux/if_link.h',
    docs: {
      rate: 'In Mbit/s; 0 means no limit.',
    },
  },
  {
    of: 'ifla-vf-rate',
    header: 'linux/if_link.h',
    docs: {
      'min-tx-rate': 'In Mbit/s.',
      'max-tx-rate': 'In Mbit/s; 0 means no limit.',
    },
  },
  {
    of: 'linkinfo-bond-attrs',
    header: 'linux/if_link.h',
    docs: {
      miimon: 'Interval of link monitoring in milliseconds; 0 is off.',
      updelay: 'Milliseconds before a port with link is used; a multiple of `miimon`.',
      downdelay: 'Milliseconds before a port without link is given up; a multiple of `miimon`.',
      'arp-interval': 'Interval of ARP monitoring in milliseconds; 0 is off.',
      'arp-validate':
        'Which ports check ARP replies: 0 none, 1 active, 2 backup, 3 all, 4 filter, 5 filter and active, 6 filter and backup.',
      'arp-all-targets': '0: one of the targets has to answer, 1: all.',
      'primary-reselect': 'When the primary port is taken again: 0 always, 1 if it is better, 2 on failure of the active one.',
      'fail-over-mac': 'Address on failover: 0 the same on all ports, 1 that of the active port, 2 follows.',
      'lp-interval': 'Interval of learning packets in seconds.',
      'ad-lacp-rate': 'How often the partner is asked to send: 0 every 30 s, 1 every second.',
      'ad-select': 'How the aggregator is selected: 0 stable, 1 bandwidth, 2 count, 3 priority of the ports.',
      'peer-notif-delay': 'Milliseconds between notifications of peers.',
      'num-peer-notif': 'Number of gratuitous ARP or neighbour advertisements after a failover.',
      'resend-igmp': 'Number of IGMP reports after a failover.',
      'packets-per-slave': 'Packets that mode balance-rr sends on a port before the next.',
      'missed-max': 'Number of `arpInterval`s without reply after which a port is down.',
      'active-slave': 'Interface index of the port in use.',
      primary: 'Interface index of the preferred port.',
    },
  },
  {
    of: 'bond-slave-attrs',
    header: 'linux/if_link.h',
    docs: {
      'link-failure-count': 'Number of failures since the port was added.',
      'ad-actor-oper-port-state':
        'State bits of LACP (IEEE 802.3ad): activity 1, timeout 2, aggregation 4, synchronization 8, collecting 16, distributing 32, defaulted 64, expired 128.',
      'ad-partner-oper-port-state': 'State bits of the LACP partner, as in `adActorOperPortState`.',
    },
  },
  {
    of: 'linkinfo-gtp-attrs',
    header: 'linux/if_link.h',
    docs: {
      fd0: 'Descriptor of a UDP socket of this process for GTPv0 (port 3386).',
      fd1: 'Descriptor of a UDP socket of this process for GTPv1 (port 2152).',
      'create-sockets':
        'The kernel opens both UDP sockets, on all addresses. A request with `role` and without `fd0`, `fd1` and this property sends 1, as `ip` does.',
    },
  },
  {
    of: 'linkinfo-hsr-attrs',
    header: 'linux/if_link.h',
    docs: {
      'multicast-spec': 'Last byte of `supervisionAddr`.',
      'supervision-addr': 'Destination of supervision frames, `01:15:4e:00:01:xx`. Requests send the last byte only, as `multicastSpec`.',
    },
  },
  {
    of: 'linkinfo-bridge-attrs',
    header: 'linux/if_link.h',
    docs: {
      'forward-delay': 'STP forward delay, in clock ticks of 1/100 s (`USER_HZ`).',
      'hello-time': 'STP hello interval, in clock ticks of 1/100 s (`USER_HZ`).',
      'max-age': 'STP maximum age, in clock ticks of 1/100 s (`USER_HZ`).',
      'ageing-time': 'Time after which a learned address is forgotten, in clock ticks of 1/100 s (`USER_HZ`).',
      'mcast-last-member-intvl': 'Last member query interval, in clock ticks of 1/100 s (`USER_HZ`).',
      'mcast-membership-intvl': 'Membership interval, in clock ticks of 1/100 s (`USER_HZ`).',
      'mcast-querier-intvl': 'Other querier present interval, in clock ticks of 1/100 s (`USER_HZ`).',
      'mcast-query-intvl': 'Query interval, in clock ticks of 1/100 s (`USER_HZ`).',
      'mcast-query-response-intvl': 'Query response interval, in clock ticks of 1/100 s (`USER_HZ`).',
      'mcast-startup-query-intvl': 'Startup query interval, in clock ticks of 1/100 s (`USER_HZ`).',
      'hello-timer': 'Time that is left of the hello timer, in clock ticks of 1/100 s (`USER_HZ`); 0 if it does not run.',
      'tcn-timer':
        'Time that is left of the topology change notification timer, in clock ticks of 1/100 s (`USER_HZ`); 0 if it does not run.',
      'topology-change-timer':
        'Time that is left of the topology change timer, in clock ticks of 1/100 s (`USER_HZ`); 0 if it does not run.',
      'gc-timer': 'Time that is left of the garbage collection timer, in clock ticks of 1/100 s (`USER_HZ`); 0 if it does not run.',
      'stp-state': '0 off, 1 by the kernel, 2 by a program.',
      'fdb-n-learned': 'Number of learned addresses now.',
      'fdb-max-learned': 'Largest number of learned addresses; 0 means no limit.',
      'mcast-router': '0 never, 1 if routers are seen, 2 always has a multicast router.',
      'group-fwd-mask': 'Bit n: frames to 01:80:c2:00:00:0n are forwarded.',
    },
  },
  {
    of: 'linkinfo-brport-attrs',
    header: 'linux/if_link.h',
    docs: {
      state: 'STP state (`BR_STATE_*`).',
      cost: 'Path cost of STP.',
      priority: 'Port priority of STP.',
      mode: '1: a frame may leave by the port that it came from (hairpin).',
      protect: '1: the port cannot become the root port.',
      guard: '1: the port drops BPDUs.',
      'message-age-timer': 'Time that is left of the message age timer, in clock ticks of 1/100 s (`USER_HZ`).',
      'forward-delay-timer': 'Time that is left of the forward delay timer, in clock ticks of 1/100 s (`USER_HZ`).',
      'hold-timer': 'Time that is left of the hold timer, in clock ticks of 1/100 s (`USER_HZ`).',
      'multicast-router': '0 never, 1 if a router is seen, 2 always, 3 for a while has a multicast router (`MDB_RTR_TYPE_*`).',
    },
  },
  {
    of: 'bridge-querier-attrs',
    header: 'linux/if_bridge.h',
    docs: {
      'ip-other-timer': 'Time that is left of the other querier, in clock ticks of 1/100 s (`USER_HZ`).',
      'ipv6-other-timer': 'Time that is left of the other querier, in clock ticks of 1/100 s (`USER_HZ`).',
    },
  },
  {
    of: 'linkinfo-vxlan-attrs',
    header: 'linux/if_link.h',
    docs: {
      ageing: 'Seconds after which a learned address is forgotten.',
      limit: 'Largest number of forwarding entries; 0 means no limit.',
      ttl: '0: the default of the system.',
      tos: '1: that of the inner packet.',
      id: 'VXLAN network identifier (VNI), 24 bits.',
    },
  },
  {
    of: 'linkinfo-geneve-attrs',
    header: 'linux/if_link.h',
    docs: {
      id: 'Virtual network identifier (VNI), 24 bits.',
      tos: '1: that of the inner packet.',
    },
  },
  {
    of: 'linkinfo-macvlan-attrs',
    header: 'linux/if_link.h',
    docs: {
      'bc-queue-len': 'Broadcast packets that may wait, as asked for.',
      'bc-queue-len-used': 'Broadcast packets that may wait: the largest of all macvlans on the same link.',
      'bc-cutoff': 'Number of receivers from which on broadcasts are queued.',
    },
  },
  {
    of: 'linkinfo-vrf-attrs',
    header: 'linux/if_link.h',
    docs: {
      table: 'Routing table; {@link RtTable} has the numbers with names.',
    },
  },
  {
    of: 'linkinfo-vrf-port-attrs',
    header: 'linux/if_link.h',
    docs: {
      table: 'Routing table; {@link RtTable} has the numbers with names.',
    },
  },
  {
    of: 'linkinfo-tun-attrs',
    header: 'linux/if_link.h',
    docs: {
      owner: 'User id that may attach.',
      group: 'Group id that may attach.',
    },
  },
  {
    of: 'linkinfo-can-attrs',
    header: 'linux/can/netlink.h',
    docs: {
      'restart-ms': 'Milliseconds until the controller restarts after bus-off; 0 is never.',
      termination: 'In ohms.',
      'bitrate-max': 'In bit/s.',
    },
  },
  {
    of: 'can-bittiming',
    header: 'linux/can/netlink.h',
    docs: {
      bitrate: 'In bit/s.',
      'sample-point': 'In tenths of a percent.',
      tq: 'Time quantum in nanoseconds.',
    },
  },
  {
    of: 'can-clock',
    header: 'linux/can/netlink.h',
    docs: {
      freq: 'In Hz.',
    },
  },
  {
    of: 'hw-s-info-one',
    header: 'linux/if_link.h',
    docs: {
      request: '1: statistics are requested.',
      used: '1: the hardware counts.',
    },
  },
  {
    of: 'linkinfo-netkit-attrs',
    header: 'linux/if_link.h',
    docs: {
      headroom: 'In bytes.',
      tailroom: 'In bytes.',
    },
  },
  {
    of: 'ipv4-devconf-attrs',
    header: 'linux/ip.h',
    docs: {
      'igmpv2-unsolicited-report-interval': 'In milliseconds.',
      'igmpv3-unsolicited-report-interval': 'In milliseconds.',
    },
  },
];
