import { expect } from 'chai';
import { testFilters, useFilters, type FilterCase } from './filters.js';

/** Filters of the kinds of every kernel. */
const CASES: readonly FilterCase[] = [
  ['protocol all u32 match u32 0 0 flowid 1:1', { kind: 'u32', to: '1:1' }],
  ['protocol ip u32 match ip dst 10.0.0.0/8 flowid 1:2', { kind: 'u32', match: { 'ip.dst': '10.0.0.0/8' }, to: '1:2' }],
  [
    'protocol ip u32 match ip src 192.0.2.1 match ip protocol 6 0xff match ip dport 22 0xffff flowid 1:2',
    { kind: 'u32', match: { 'ip.src': '192.0.2.1', 'tcp.dport': 22 }, to: '1:2' },
  ],
  [
    'protocol ip u32 match ip sport 53 0xffff match ip dport 1024 0xfc00 flowid 1:2',
    { kind: 'u32', protocol: 'ip', match: { 'th.sport': 53, 'th.dport': '0x400/0xfc00' }, to: '1:2' },
  ],
  [
    'protocol ip u32 match ip protocol 17 0xff match ip tos 0x10 0xfc match u8 64 0xff at 8 flowid 1:2',
    { kind: 'u32', match: { 'ip.tos': '0x10/0xfc', 'ip.ttl': 64, 'ip.protocol': 'udp' }, to: '1:2' },
  ],
  [
    'protocol ip u32 match ip protocol 1 0xff match ip icmp_type 8 0xff match ip icmp_code 0 0xff flowid 1:2',
    { kind: 'u32', match: { 'icmp.type': 8, 'icmp.code': 0 }, to: '1:2' },
  ],
  [
    'protocol ipv6 u32 match ip6 src fd00::/16 match ip6 dst fd00:1::5 flowid 1:2',
    { kind: 'u32', match: { 'ip6.src': 'fd00::/16', 'ip6.dst': 'fd00:1::5' }, to: '1:2' },
  ],
  [
    'protocol ipv6 u32 match ip6 protocol 17 0xff match ip6 dport 53 0xffff flowid 1:2',
    { kind: 'u32', protocol: 'ipv6', match: { 'udp.dport': 53 }, to: '1:2' },
  ],
  [
    'protocol all u32 match ether src 02:00:00:00:00:01 match ether dst 02:00:00:00:00:02 flowid 1:2',
    { kind: 'u32', match: { 'eth.src': '02:00:00:00:00:01', 'eth.dst': '02:00:00:00:00:02' }, to: '1:2' },
  ],
  [
    'protocol ip u32 match u32 0x12340000 0xffff0000 at 40 match u8 0x45 0xff at 0 flowid 1:2',
    { kind: 'u32', protocol: 'ip', match: { 'u32@0': '0x45000000/0xff000000', 'u32@40': '0x12340000/0xffff0000' }, to: '1:2' },
  ],
  [
    'protocol all u32 match u32 0 0 action mirred egress redirect dev p1',
    { kind: 'u32', actions: [{ kind: 'mirred', mode: 'redirect', direction: 'egress', link: 'p1' }] },
  ],
  [
    'protocol ip u32 match ip dst 10.0.0.0/8 action mirred egress mirror dev p1 pipe action mirred ingress redirect dev p1',
    {
      kind: 'u32',
      match: { 'ip.dst': '10.0.0.0/8' },
      actions: [
        { kind: 'mirred', mode: 'mirror', link: 'p1' },
        { kind: 'mirred', direction: 'ingress', link: 'p1' },
      ],
    },
  ],
  [
    'protocol ip chain 5 u32 match ip dst 10.0.0.0/8 action mirred egress mirror dev p1 continue',
    {
      kind: 'u32',
      chain: 5,
      match: { 'ip.dst': '10.0.0.0/8' },
      actions: [{ kind: 'mirred', mode: 'mirror', link: 'p1', then: 'continue' }],
    },
  ],
];

describe('network().filters', () => {
  const filters = useFilters();
  testFilters(filters, CASES);

  it('reads nothing from an empty link', () => expect(filters().judge()).to.deep.equal([]));
});
