import { PAYLOAD_FIELDS } from './payload-fields.js';

/** The numbers by which `nft` names the header of a protocol in the user data of sets (`PROTO_DESC_*` of nftables). */
const PROTOCOLS: Readonly<Record<string, number>> = {
  ah: 1,
  esp: 2,
  comp: 3,
  icmp: 4,
  igmp: 5,
  udp: 6,
  udplite: 7,
  tcp: 8,
  dccp: 9,
  sctp: 10,
  th: 11,
  ip: 12,
  ip6: 13,
  icmpv6: 14,
  arp: 15,
  vlan: 16,
  ether: 17,
  vxlan: 18,
  gre: 20,
};

/** Fields whose number is not their place in the header. */
const EXCEPTIONS: Readonly<Record<string, number>> = {
  'vlan.id': 4,
  'vlan.type': 5,
  'igmp.checksum': 2,
  'igmp.mrt': 3,
  'gre.version': 1,
  'gre.protocol': 3,
  'vxlan.flags': 0,
  'vxlan.vni': 1,
};

const NUMBERS: ReadonlyMap<string, readonly [protocol: number, field: number]> = payloadNumbers();

function payloadNumbers(): Map<string, readonly [number, number]> {
  const numbers = new Map<string, readonly [number, number]>();
  const places = new Map<string, number>();
  for (const name of Object.keys(PAYLOAD_FIELDS)) {
    const protocol = name.slice(0, name.indexOf('.'));
    const place = (places.get(protocol) ?? 0) + 1;
    places.set(protocol, place);
    numbers.set(name, [PROTOCOLS[protocol]!, EXCEPTIONS[name] ?? place]);
  }
  return numbers;
}

/** Returns nft's numbers of the protocol and the field of a part of a header. @internal */
export function payloadNumber(name: string): readonly [protocol: number, field: number] | undefined {
  return NUMBERS.get(name);
}

/** Returns the part of a header that has nft's numbers. @internal */
export function payloadNamed(protocol: number, field: number): string | undefined {
  return [...NUMBERS].find(([, [own, place]]) => own === protocol && place === field)?.[0];
}

/** The properties of packets in the order of their numbers (`NFT_META_*`). @internal */
export const META_ORDER: readonly string[] = [
  'length',
  'protocol',
  'priority',
  'mark',
  'iif',
  'oif',
  'iifname',
  'oifname',
  'iiftype',
  'oiftype',
  'skuid',
  'skgid',
  'nftrace',
  'rtclassid',
  'secmark',
  'nfproto',
  'l4proto',
  'ibrname',
  'obrname',
  'pkttype',
  'cpu',
  'iifgroup',
  'oifgroup',
  'cgroup',
  'random',
  'ipsec',
  'iifkind',
  'oifkind',
  'ibrpvid',
  'ibrvproto',
  'time',
  'day',
  'hour',
  'sdif',
  'sdifname',
];

/** The properties of connections by their numbers (`NFT_CT_*`). @internal */
export const CT_NUMBERS: Readonly<Record<string, number>> = {
  state: 0,
  direction: 1,
  status: 2,
  mark: 3,
  secmark: 4,
  expiration: 5,
  helper: 6,
  l3proto: 7,
  protocol: 10,
  'proto-src': 11,
  'proto-dst': 12,
  label: 13,
  packets: 14,
  bytes: 15,
  avgpkt: 16,
  zone: 17,
  event: 18,
  'ip saddr': 19,
  'ip daddr': 20,
  'ip6 saddr': 21,
  'ip6 daddr': 22,
  id: 23,
};
