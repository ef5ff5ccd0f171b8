type EtherField = 'daddr' | 'saddr' | 'type';
type VlanField = 'pcp' | 'dei' | 'id' | 'type';
type ArpField = 'htype' | 'ptype' | 'hlen' | 'plen' | 'operation' | 'saddr ether' | 'saddr ip' | 'daddr ether' | 'daddr ip';
type IpField =
  'version' | 'hdrlength' | 'dscp' | 'ecn' | 'length' | 'id' | 'frag-off' | 'ttl' | 'protocol' | 'checksum' | 'saddr' | 'daddr';
type Ip6Field = 'version' | 'dscp' | 'ecn' | 'flowlabel' | 'length' | 'nexthdr' | 'hoplimit' | 'saddr' | 'daddr';
type TcpField = 'sport' | 'dport' | 'sequence' | 'ackseq' | 'doff' | 'reserved' | 'flags' | 'window' | 'checksum' | 'urgptr';
type UdpField = 'sport' | 'dport' | 'length' | 'checksum';
type UdpliteField = 'sport' | 'dport' | 'csumcov' | 'checksum';
type SctpField = 'sport' | 'dport' | 'vtag' | 'checksum';
type DccpField = 'sport' | 'dport' | 'type';
type PortField = 'sport' | 'dport';
type IcmpField = 'type' | 'code' | 'checksum';
type IgmpField = 'type' | 'mrt' | 'checksum' | 'group';
type EspField = 'spi' | 'sequence';
type AhField = 'nexthdr' | 'hdrlength' | 'reserved' | 'spi' | 'sequence';
type CompField = 'nexthdr' | 'flags' | 'cpi';

/** A field of a header: nft's name of the protocol, a dot, and nft's name of the field. @public */
export type PayloadField =
  | `ether.${EtherField}`
  | `vlan.${VlanField}`
  | `arp.${ArpField}`
  | `ip.${IpField}`
  | `ip6.${Ip6Field}`
  | `tcp.${TcpField}`
  | `udp.${UdpField}`
  | `udplite.${UdpliteField}`
  | `sctp.${SctpField}`
  | `dccp.${DccpField}`
  | `th.${PortField}`
  | `icmp.${IcmpField}`
  | `icmpv6.${IcmpField}`
  | `igmp.${IgmpField}`
  | `esp.${EspField}`
  | `ah.${AhField}`
  | `comp.${CompField}`;

/** A property of a packet that is not in its headers, by nft's name. @public */
export type MetaKey =
  | 'length'
  | 'protocol'
  | 'nfproto'
  | 'l4proto'
  | 'priority'
  | 'mark'
  | 'iif'
  | 'iifname'
  | 'iiftype'
  | 'iifkind'
  | 'iifgroup'
  | 'oif'
  | 'oifname'
  | 'oiftype'
  | 'oifkind'
  | 'oifgroup'
  | 'ibrname'
  | 'obrname'
  | 'sdif'
  | 'sdifname'
  | 'skuid'
  | 'skgid'
  | 'rtclassid'
  | 'pkttype'
  | 'cpu'
  | 'cgroup'
  | 'random'
  | 'ipsec'
  | 'day'
  | 'nftrace';

/** A property of the connection of a packet, by nft's name. @public */
export type CtKey =
  | 'state'
  | 'direction'
  | 'status'
  | 'mark'
  | 'secmark'
  | 'helper'
  | 'l3proto'
  | 'protocol'
  | 'zone'
  | 'bytes'
  | 'packets'
  | 'avgpkt'
  | 'id';

/** A lookup in the routing table: its inputs and its result, with dots: `fib.daddr.type`, `fib.saddr.iif.oif`. @public */
export type FibField = `fib.${string}`;
