import type { PacketProtocol, TransportProtocol } from '../protocols.js';

/** An integer that a field must have, or a value and a mask: `'0x10/0xf0'`. @public */
export type Masked = number | `${number}/${number}` | `0x${string}`;

/** A port, a range `'1000-2000'` (kind `flower` only), or a value and a mask. @public */
export type PortMatch = Masked | `${number}-${number}`;

/**
 * The conditions of a filter of the kinds `flower` and `u32`: a packet must meet all of them.
 *
 * A field of a transport protocol implies the protocol: `'tcp.dport': 22` matches TCP only. Fields of `ip` and `ip6` imply the
 * filter's `protocol`. `u32` compares bytes at fixed places: it finds transport headers only behind IP headers without options.
 *
 * @public
 */
export interface TrafficMatch {
  /** The source MAC address, with a mask behind a slash if needed. */
  readonly 'eth.src'?: string;
  /** The destination MAC address. */
  readonly 'eth.dst'?: string;
  /** The protocol in the Ethernet header, for filters of protocol `all`. */
  readonly 'eth.type'?: PacketProtocol;
  /** The number of the VLAN; `flower` only, as all VLAN fields. */
  readonly 'vlan.id'?: number;
  /** The priority of the VLAN tag. */
  readonly 'vlan.priority'?: number;
  /** The protocol behind the VLAN tag. */
  readonly 'vlan.type'?: PacketProtocol;
  /** The number of the inner VLAN. */
  readonly 'cvlan.id'?: number;
  /** The priority of the inner VLAN tag. */
  readonly 'cvlan.priority'?: number;
  /** The protocol behind the inner VLAN tag. */
  readonly 'cvlan.type'?: PacketProtocol;
  /** The source address of IPv4: an address or a network. */
  readonly 'ip.src'?: string;
  /** The destination address of IPv4. */
  readonly 'ip.dst'?: string;
  /** The protocol above IPv4. Fields of a transport protocol imply it. */
  readonly 'ip.protocol'?: TransportProtocol;
  /** The type of service: DSCP and ECN, 8 bits. */
  readonly 'ip.tos'?: Masked;
  /** The time to live. */
  readonly 'ip.ttl'?: Masked;
  /** The length of the packet; `u32` only. */
  readonly 'ip.length'?: Masked;
  /** The identification of the packet; `u32` only. */
  readonly 'ip.id'?: Masked;
  /** Fragments: `'+frag'`, `'-frag'`, `'+frag+firstfrag'`; `flower` only. */
  readonly 'ip.fragment'?: string;
  /** The source address of IPv6. */
  readonly 'ip6.src'?: string;
  /** The destination address of IPv6. */
  readonly 'ip6.dst'?: string;
  /** The protocol above IPv6. Fields of a transport protocol imply it. */
  readonly 'ip6.nexthdr'?: TransportProtocol;
  /** The traffic class; `flower` only. */
  readonly 'ip6.tclass'?: Masked;
  /** The hop limit. */
  readonly 'ip6.hoplimit'?: Masked;
  /** The flow label; `u32` only. */
  readonly 'ip6.flowlabel'?: Masked;
  /** Fragments, as `ip.fragment`; `flower` only. */
  readonly 'ip6.fragment'?: string;
  /** The source port of TCP. */
  readonly 'tcp.sport'?: PortMatch;
  /** The destination port of TCP. */
  readonly 'tcp.dport'?: PortMatch;
  /** The flags of TCP, 12 bits: `'0x2/0x12'` is SYN without ACK. */
  readonly 'tcp.flags'?: Masked;
  /** The source port of UDP. */
  readonly 'udp.sport'?: PortMatch;
  /** The destination port of UDP. */
  readonly 'udp.dport'?: PortMatch;
  /** The source port of SCTP. */
  readonly 'sctp.sport'?: PortMatch;
  /** The destination port of SCTP. */
  readonly 'sctp.dport'?: PortMatch;
  /** The source port of any transport protocol; `u32` only. */
  readonly 'th.sport'?: PortMatch;
  /** The destination port of any transport protocol; `u32` only. */
  readonly 'th.dport'?: PortMatch;
  /** The type of an ICMP message. */
  readonly 'icmp.type'?: Masked;
  /** The code of an ICMP message. */
  readonly 'icmp.code'?: Masked;
  /** The type of an ICMPv6 message. */
  readonly 'icmp6.type'?: Masked;
  /** The code of an ICMPv6 message. */
  readonly 'icmp6.code'?: Masked;
  /** The ARP operation; `flower` only, as all fields of ARP. */
  readonly 'arp.op'?: 'request' | 'reply' | Masked;
  /** The IPv4 address of the sender in ARP. */
  readonly 'arp.sip'?: string;
  /** The IPv4 address of the target in ARP. */
  readonly 'arp.tip'?: string;
  /** The MAC address of the sender in ARP. */
  readonly 'arp.sha'?: string;
  /** The MAC address of the target in ARP. */
  readonly 'arp.tha'?: string;
  /** The MPLS label; `flower` only, as all fields of MPLS. */
  readonly 'mpls.label'?: number;
  /** The MPLS traffic class. */
  readonly 'mpls.tc'?: number;
  /** The MPLS bottom of stack bit. */
  readonly 'mpls.bos'?: number;
  /** The MPLS time to live. */
  readonly 'mpls.ttl'?: number;
  /** The state of connection tracking: `'+trk+est'`; `flower` only, as all fields of `ct`. */
  readonly 'ct.state'?: string;
  /** The zone of connection tracking. */
  readonly 'ct.zone'?: Masked;
  /** The mark of the connection. */
  readonly 'ct.mark'?: Masked;
  /** The identifier of the tunnel that the packet came through; `flower` only, as all fields of tunnels. */
  readonly 'tunnel.id'?: number;
  /** The IPv4 source address of the tunnel. */
  readonly 'tunnel.ip.src'?: string;
  /** The IPv4 destination address of the tunnel. */
  readonly 'tunnel.ip.dst'?: string;
  /** The IPv6 source address of the tunnel. */
  readonly 'tunnel.ip6.src'?: string;
  /** The IPv6 destination address of the tunnel. */
  readonly 'tunnel.ip6.dst'?: string;
  /** The UDP source port of the tunnel. */
  readonly 'tunnel.sport'?: Masked;
  /** The UDP destination port of the tunnel. */
  readonly 'tunnel.dport'?: Masked;
  /** The type of service of the tunnel. */
  readonly 'tunnel.tos'?: Masked;
  /** The time to live of the tunnel. */
  readonly 'tunnel.ttl'?: Masked;
  /** 32 bits at an offset from the network header, a multiple of 4, as a value and a mask; `u32` only: `'u32@12': '0x0a000000/0xff000000'`. */
  readonly [word: `u32@${number}`]: Masked;
}
