import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';

/** The objects of other programs, which the writes of the document take along. */
export const SCENE: readonly string[] = [
  'link add v0 type veth peer v1',
  'link add d0 type ifb',
  'link add x0 type ifb',
  'link set x0 up',
  'addr add 10.3.0.1/24 dev x0',
  'addr add fd03::1/64 dev x0 nodad',
  'neigh add 10.3.0.66 lladdr 02:00:00:00:00:67 dev x0 nud permanent',
  'route add 10.11.0.0/16 via 10.3.0.9 proto bgp',
  'route add fd11::/64 via fd03::9 proto bgp',
  'link set v0 up',
  'link set v1 up',
  'link set d0 up',
  'addr add 10.1.0.1/24 dev v0',
  'addr add 10.1.0.2/24 dev v0',
  'addr add 10.1.0.3/24 dev v0',
  'addr add 10.2.0.1/24 dev v1',
  'addr add fd01::1/64 dev v0 nodad',
  'addr add fd02::1/64 dev v1 nodad',
  'neigh add 10.1.0.66 lladdr 02:00:00:00:00:66 dev v0 nud permanent',
  'route add 10.9.0.0/16 via 10.1.0.9 src 10.1.0.2 proto 77',
  'route add 10.8.0.0/16 via 10.1.0.9 table 50',
  'route append 10.8.0.0/16 via 10.1.0.8 table 50',
  'route add fd09::/64 via fd01::9 metric 7 mtu 1400',
  'route add blackhole 10.7.0.0/16 proto static',
  'rule add from 10.9.0.0/16 lookup 50 prio 900',
  'nexthop add id 7 via 10.1.0.9 dev v0 proto static',
  'route add 10.6.0.0/16 nhid 7',
];

/** A document that changes objects of the scene in every phase. */
export const DOCUMENT: NetworkDocument = {
  version: 1,
  links: [
    { name: 'br0', kind: 'bridge', up: true, addresses: ['10.5.0.1/24'] },
    { name: 'v0', mac: '02:00:00:00:00:01', mtu: 1400, up: true, addresses: ['10.1.0.1/25', '10.1.0.7/24', 'fd01::1/80'] },
    { name: 'd0', master: 'br0', up: true },
    { name: 'x0', up: false },
    { name: 'w0', kind: 'veth', veth: { peer: { name: 'w1' } }, up: true },
  ],
  routes: [
    { to: '10.9.0.0/16', via: '10.1.0.8', protocol: 77 },
    { to: '10.10.0.0/16', via: '10.5.0.9' },
    { to: 'fd10::/64', via: 'fd01::8' },
    { to: '10.7.0.0/16', type: 'blackhole', absent: true },
  ],
  rules: [{ priority: 901, from: '10.8.0.0/16', table: 50 }],
  nexthops: [{ id: 7, via: '10.1.0.8', link: 'v0' }],
};
