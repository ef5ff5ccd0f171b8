/** The start of raw bytes: of the link layer, the network layer, the transport layer, or the payload of the transport layer. @public */
export type RawBase = 'll' | 'nh' | 'th' | 'ih';

/** Raw bits of a packet in the short form, as `nft` writes them: `'@th,16,16'`. @public */
export type RawField = `@${RawBase},${number},${number}`;

/** The selectors of libnftables-json for options. @public */
export type OptionSelector = 'tcp option' | 'ip option' | 'exthdr' | 'sctp chunk';

/** A tunnel whose inner packets rules can test. @public */
export type TunnelName = 'vxlan' | 'geneve' | 'gre' | 'gretap';

/** The fields of headers, by nft's name of the protocol. @public */
export interface PayloadFields {
  /** The header of Ethernet. */
  readonly ether: 'daddr' | 'saddr' | 'type';
  /** The header of VLAN. */
  readonly vlan: 'pcp' | 'dei' | 'id' | 'type';
  /** The header of ARP. */
  readonly arp: 'htype' | 'ptype' | 'hlen' | 'plen' | 'operation' | 'saddr ether' | 'saddr ip' | 'daddr ether' | 'daddr ip';
  /** The header of IPv4. */
  readonly ip:
    'version' | 'hdrlength' | 'dscp' | 'ecn' | 'length' | 'id' | 'frag-off' | 'ttl' | 'protocol' | 'checksum' | 'saddr' | 'daddr';
  /** The header of IPv6. */
  readonly ip6: 'version' | 'dscp' | 'ecn' | 'flowlabel' | 'length' | 'nexthdr' | 'hoplimit' | 'saddr' | 'daddr';
  /** The header of TCP. */
  readonly tcp: 'sport' | 'dport' | 'sequence' | 'ackseq' | 'doff' | 'reserved' | 'flags' | 'window' | 'checksum' | 'urgptr';
  /** The header of UDP. */
  readonly udp: 'sport' | 'dport' | 'length' | 'checksum';
  /** The header of UDP-Lite. */
  readonly udplite: 'sport' | 'dport' | 'csumcov' | 'checksum';
  /** The header of SCTP. */
  readonly sctp: 'sport' | 'dport' | 'vtag' | 'checksum';
  /** The header of DCCP. */
  readonly dccp: 'sport' | 'dport' | 'type';
  /** The header of any protocol with ports. */
  readonly th: 'sport' | 'dport';
  /** The header of ICMP. */
  readonly icmp: 'type' | 'code' | 'checksum' | 'id' | 'sequence' | 'gateway' | 'mtu';
  /** The header of ICMPv6. */
  readonly icmpv6: 'type' | 'code' | 'checksum' | 'parameter-problem' | 'mtu' | 'id' | 'sequence' | 'max-delay' | 'taddr' | 'daddr';
  /** The header of IGMP. */
  readonly igmp: 'type' | 'mrt' | 'checksum' | 'group';
  /** The header of GRE. */
  readonly gre: 'version' | 'protocol';
  /** The header of ESP. */
  readonly esp: 'spi' | 'sequence';
  /** The header of AH. */
  readonly ah: 'nexthdr' | 'hdrlength' | 'reserved' | 'spi' | 'sequence';
  /** The header of IPComp. */
  readonly comp: 'nexthdr' | 'flags' | 'cpi';
}

/** A field of a header: nft's name of the protocol, a dot, and nft's name of the field. @public */
export type PayloadField = { [Protocol in keyof PayloadFields]: `${Protocol}.${PayloadFields[Protocol]}` }[keyof PayloadFields];

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
  | 'hour'
  | 'time'
  | 'secmark'
  | 'ibrpvid'
  | 'ibrvproto'
  | 'nftrace';

/** A property of the connection of a packet, by nft's name. @public */
export type CtKey =
  | 'state'
  | 'direction'
  | 'status'
  | 'mark'
  | 'secmark'
  | 'helper'
  | 'expiration'
  | 'label'
  | 'event'
  | 'l3proto'
  | 'protocol'
  | 'zone'
  | 'bytes'
  | 'packets'
  | 'avgpkt'
  | 'id';

/** A lookup in the routing table: its inputs and its result, with dots: `fib.daddr.type`, `fib.saddr.iif.oif`. @public */
export type FibField = `fib.${string}`;
