import { hostIsLittleEndian } from '../../wire/index.js';

/** The network protocol of packets (`ETH_P_*`), by the name that `tc` uses, in lower case; an unknown one is a number. @public */
export type PacketProtocol =
  'all' | 'ip' | 'arp' | 'rarp' | 'ipv6' | '802.1q' | '802.1ad' | 'mpls_uc' | 'mpls_mc' | 'ppp_disc' | 'ppp_ses' | 'lldp' | number;

/** ETH_P_* (uapi/linux/if_ether.h). @internal */
export const PACKET_PROTOCOLS: Readonly<Record<Exclude<PacketProtocol, number>, number>> = {
  all: 0x0003,
  ip: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  ipv6: 0x86dd,
  '802.1q': 0x8100,
  '802.1ad': 0x88a8,
  mpls_uc: 0x8847,
  mpls_mc: 0x8848,
  ppp_disc: 0x8863,
  ppp_ses: 0x8864,
  lldp: 0x88cc,
};

const NAMES = Object.keys(PACKET_PROTOCOLS) as Exclude<PacketProtocol, number>[];

/** Returns the name of a network protocol, or its number if it has none. @internal */
export function protocolName(number: number): PacketProtocol {
  return NAMES.find((name) => PACKET_PROTOCOLS[name] === number) ?? number;
}

/** Returns the number of a network protocol. @internal */
export function protocolNumber(protocol: PacketProtocol): number {
  return typeof protocol === 'number' ? protocol : PACKET_PROTOCOLS[protocol];
}

/** The name of a transport protocol. @public */
export type TransportName =
  'icmp' | 'igmp' | 'tcp' | 'udp' | 'dccp' | 'gre' | 'esp' | 'ah' | 'icmpv6' | 'ospf' | 'vrrp' | 'l2tp' | 'sctp' | 'udplite';

/** A transport protocol (`IPPROTO_*`), by name or number. @public */
export type TransportProtocol = TransportName | number;

/** Numbers of transport protocols (uapi/linux/in.h) by name. @internal */
export const IP_PROTOCOLS: Readonly<Record<TransportName, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  ospf: 89,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
};

/** Takes `tcm_info` of a filter apart: the priority, and the protocol, which is big-endian in it. @internal */
export function infoOf(info: number): { readonly priority: number; readonly protocol: number } {
  return { priority: info >>> 16, protocol: swapped(info & 0xffff) };
}

/** Returns `tcm_info` of a filter. @internal */
export function infoNumber(priority: number, protocol: number): number {
  return priority * 0x10000 + swapped(protocol);
}

function swapped(number: number): number {
  return hostIsLittleEndian ? ((number & 0xff) << 8) | (number >>> 8) : number;
}
