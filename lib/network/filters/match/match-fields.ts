import { FieldError } from '../../common/field-error.js';
import { shown } from '../../fields/check.js';
import { IP_PROTOCOLS, PACKET_PROTOCOLS, type PacketProtocol } from '../protocols.js';
import { flagsValue, integerValue, macValue, networkValue, type MatchValue } from './match-value.js';
import type { TrafficMatch } from './traffic-match.js';

/** The words of {@link TrafficMatch} that are names. @internal */
export type MatchWord = Exclude<keyof TrafficMatch, `u32@${number}`>;

/** The attributes of flower for one field. @internal */
export interface FlowerKey {
  readonly key: string;
  /** Omitted if the kernel compares all bits. */
  readonly mask?: string;
  /** The lowest and the highest value of a range. */
  readonly range?: readonly [least: string, most: string];
  readonly form?: 'number' | 'ip' | 'mac';
}

/** One field of packets, for each kind that can compare it. @internal */
export interface MatchField {
  readonly value: MatchValue;
  /** The network protocol whose header has the field. */
  readonly network?: PacketProtocol;
  /** The transport protocol whose header has the field; `any` for fields that several share. */
  readonly transport?: number | 'any';
  readonly flower?: FlowerKey;
  /** The offset in bytes for u32, from the network header, or from the transport header if the field has a transport. */
  readonly u32?: number;
}

const byte = integerValue(8);
const short = integerValue(16);
const transport = integerValue(8, IP_PROTOCOLS);
const ethertype = integerValue(16, PACKET_PROTOCOLS);
const fragment = flagsValue(4, { frag: 1, firstfrag: 2 });
const [ipv4, ipv6] = [networkValue(4), networkValue(6)];
/** TCA_FLOWER_KEY_CT_FLAGS_* (uapi/linux/pkt_cls.h). */
const connection = flagsValue(2, { new: 1, est: 2, rel: 4, trk: 8, inv: 16, rpl: 32 });

const key = (name: string, form: FlowerKey['form'] = 'number'): { readonly flower: FlowerKey } => ({ flower: { key: name, form } });
const maskedKey = (name: string, form: FlowerKey['form'] = 'number'): { readonly flower: FlowerKey } => ({
  flower: { key: name, mask: `${name}Mask`, form },
});

/** A port, which may also be a range. */
const port: MatchValue = {
  ...short,
  check: (value, path) => {
    const [, least, most] = typeof value === 'string' ? (/^(\d+)-(\d+)$/.exec(value) ?? []) : [];
    if (least === undefined) return short.check(value, path);
    const [first, last] = [short.check(Number(least), path), short.check(Number(most), path)];
    if (first > last) throw new FieldError(path, `the first port, ${first}, is over the last one, ${last}`);
    return first === last ? first : `${first}-${last}`;
  },
};

function ports(protocol: 'Tcp' | 'Udp' | 'Sctp', number: number): readonly [source: MatchField, destination: MatchField] {
  const end = (name: 'Src' | 'Dst', u32: number): MatchField => ({
    value: port,
    transport: number,
    u32,
    flower: { ...maskedKey(`key${protocol}${name}`).flower, range: [`keyPort${name}Min`, `keyPort${name}Max`] },
  });
  return [end('Src', 0), end('Dst', 2)];
}

const [tcpSource, tcpDestination] = ports('Tcp', 6);
const [udpSource, udpDestination] = ports('Udp', 17);
const [sctpSource, sctpDestination] = ports('Sctp', 132);
const ip = { network: 'ip' } as const;
const ip6 = { network: 'ipv6' } as const;
const arp = { network: 'arp' } as const;
const mpls = { network: 'mpls_uc' } as const;

/** The fields by their words. Specific fields precede those that share their bytes. @internal */
export const MATCH_FIELDS: Readonly<Record<MatchWord, MatchField>> = {
  'eth.src': { value: macValue, ...maskedKey('keyEthSrc', 'mac'), u32: -8 },
  'eth.dst': { value: macValue, ...maskedKey('keyEthDst', 'mac'), u32: -14 },
  'eth.type': { value: ethertype, ...key('keyEthType'), u32: -2 },
  'vlan.id': { value: integerValue(12), ...key('keyVlanId') },
  'vlan.priority': { value: integerValue(3), ...key('keyVlanPrio') },
  'vlan.type': { value: ethertype, ...key('keyVlanEthType') },
  'cvlan.id': { value: integerValue(12), ...key('keyCvlanId') },
  'cvlan.priority': { value: integerValue(3), ...key('keyCvlanPrio') },
  'cvlan.type': { value: ethertype, ...key('keyCvlanEthType') },
  'ip.src': { ...ip, value: ipv4, ...maskedKey('keyIpv4Src', 'ip'), u32: 12 },
  'ip.dst': { ...ip, value: ipv4, ...maskedKey('keyIpv4Dst', 'ip'), u32: 16 },
  'ip.protocol': { ...ip, value: transport, ...key('keyIpProto'), u32: 9 },
  'ip.tos': { ...ip, value: byte, ...maskedKey('keyIpTos'), u32: 1 },
  'ip.ttl': { ...ip, value: byte, ...maskedKey('keyIpTtl'), u32: 8 },
  'ip.length': { ...ip, value: short, u32: 2 },
  'ip.id': { ...ip, value: short, u32: 4 },
  'ip.fragment': { ...ip, value: fragment, ...maskedKey('keyFlags') },
  'ip6.src': { ...ip6, value: ipv6, ...maskedKey('keyIpv6Src', 'ip'), u32: 8 },
  'ip6.dst': { ...ip6, value: ipv6, ...maskedKey('keyIpv6Dst', 'ip'), u32: 24 },
  'ip6.nexthdr': { ...ip6, value: transport, ...key('keyIpProto'), u32: 6 },
  'ip6.tclass': { ...ip6, value: byte, ...maskedKey('keyIpTos') },
  'ip6.hoplimit': { ...ip6, value: byte, ...maskedKey('keyIpTtl'), u32: 7 },
  'ip6.flowlabel': { ...ip6, value: integerValue(20), u32: 1 },
  'ip6.fragment': { ...ip6, value: fragment, ...maskedKey('keyFlags') },
  'tcp.sport': tcpSource,
  'tcp.dport': tcpDestination,
  'tcp.flags': { value: integerValue(12), transport: 6, ...maskedKey('keyTcpFlags'), u32: 12 },
  'udp.sport': udpSource,
  'udp.dport': udpDestination,
  'sctp.sport': sctpSource,
  'sctp.dport': sctpDestination,
  'icmp.type': { ...ip, value: byte, transport: 1, ...maskedKey('keyIcmpv4Type'), u32: 0 },
  'icmp.code': { ...ip, value: byte, transport: 1, ...maskedKey('keyIcmpv4Code'), u32: 1 },
  'icmp6.type': { ...ip6, value: byte, transport: 58, ...maskedKey('keyIcmpv6Type'), u32: 0 },
  'icmp6.code': { ...ip6, value: byte, transport: 58, ...maskedKey('keyIcmpv6Code'), u32: 1 },
  'th.sport': { value: port, transport: 'any', u32: 0 },
  'th.dport': { value: port, transport: 'any', u32: 2 },
  'arp.op': { ...arp, value: integerValue(8, { request: 1, reply: 2 }), ...maskedKey('keyArpOp') },
  'arp.sip': { ...arp, value: ipv4, ...maskedKey('keyArpSip', 'ip') },
  'arp.tip': { ...arp, value: ipv4, ...maskedKey('keyArpTip', 'ip') },
  'arp.sha': { ...arp, value: macValue, ...maskedKey('keyArpSha', 'mac') },
  'arp.tha': { ...arp, value: macValue, ...maskedKey('keyArpTha', 'mac') },
  'mpls.label': { ...mpls, value: integerValue(20), ...key('keyMplsLabel') },
  'mpls.tc': { ...mpls, value: integerValue(3), ...key('keyMplsTc') },
  'mpls.bos': { ...mpls, value: integerValue(1), ...key('keyMplsBos') },
  'mpls.ttl': { ...mpls, value: byte, ...key('keyMplsTtl') },
  'ct.state': { value: connection, ...maskedKey('keyCtState') },
  'ct.zone': { value: short, ...maskedKey('keyCtZone') },
  'ct.mark': { value: integerValue(32), ...maskedKey('keyCtMark') },
  'tunnel.id': { value: integerValue(32), ...key('keyEncKeyId') },
  'tunnel.ip.src': { value: ipv4, ...maskedKey('keyEncIpv4Src', 'ip') },
  'tunnel.ip.dst': { value: ipv4, ...maskedKey('keyEncIpv4Dst', 'ip') },
  'tunnel.ip6.src': { value: ipv6, ...maskedKey('keyEncIpv6Src', 'ip') },
  'tunnel.ip6.dst': { value: ipv6, ...maskedKey('keyEncIpv6Dst', 'ip') },
  'tunnel.sport': { value: short, ...maskedKey('keyEncUdpSrcPort') },
  'tunnel.dport': { value: short, ...maskedKey('keyEncUdpDstPort') },
  'tunnel.tos': { value: byte, ...maskedKey('keyEncIpTos') },
  'tunnel.ttl': { value: byte, ...maskedKey('keyEncIpTtl') },
};

/** The fields with their words. @internal */
export const FIELD_ENTRIES: readonly (readonly [MatchWord, MatchField])[] = Object.entries(MATCH_FIELDS) as never;

/** 32 bits at any place. */
const word32 = integerValue(32);

/** Returns the offset of a word such as `u32@12`; undefined for other words. @internal */
export function rawOffset(word: string): number | undefined {
  const [, offset] = /^u32@(-?\d+)$/.exec(word) ?? [];
  return offset === undefined ? undefined : Number(offset);
}

/** Returns the field of a word; undefined if there is none. @internal */
export function fieldOf(word: string): MatchField | undefined {
  if (Object.hasOwn(MATCH_FIELDS, word)) return MATCH_FIELDS[word as MatchWord];
  const offset = rawOffset(word);
  return offset === undefined ? undefined : { value: word32, u32: offset };
}

/** Checks a word that is not a name. @throws FieldError @internal */
export function checkRawOffset(word: string, path: string): void {
  const offset = rawOffset(word);
  // With offset 0 the kernel compares the bytes of the network header; u32 keys of this library are aligned as those of tc.
  if (offset !== undefined && offset % 4 !== 0) throw new FieldError(path, `the offset must be a multiple of 4, not ${shown(offset)}`);
}
