import type { LinkPart, LinkSpec } from '../../../lib/network/links/link.js';

/** A link in our words and in those of `ip link add w0`, and a change with what `ip` shows after it. */
export interface Case {
  readonly spec: LinkSpec;
  readonly ip: string;
  readonly change?: readonly [part: LinkPart, shows: object];
}

const FOUR = { local: '192.0.2.1', remote: '192.0.2.9' };
const SIX = { local: '2001:db8::1', remote: '2001:db8::9' };
const FOUR_IP = 'local 192.0.2.1 remote 192.0.2.9';
const SIX_IP = 'local 2001:db8::1 remote 2001:db8::9';
const w0 = { name: 'w0' } as const;
const on = { ...w0, parent: 'p0' } as const;

/** Every value differs from the default. */
export const CASES: readonly Case[] = [
  {
    spec: {
      ...w0,
      kind: 'gre',
      gre: { ...FOUR, tos: 4, encap: 'fou', encapSourcePort: 5555, encapPort: 6666, encapChecksum: true, encapRemoteChecksum: true },
    },
    ip: `type gre ${FOUR_IP} tos 4 encap fou encap-sport 5555 encap-dport 6666 encap-csum encap-remcsum`,
    change: [
      { kind: 'gre', gre: { encap: 'gue', encapChecksum: false } },
      { encap: { type: 'gue', sport: 5555, dport: 6666, csum: false, csum6: false, remcsum: true } },
    ],
  },
  {
    spec: { ...w0, kind: 'sit', sit: { ...FOUR, protocol: 'any', ttl: 0, sixRdPrefix: '2001:db8::/32', sixRdRelayPrefix: '10.0.0.0/8' } },
    ip: `type sit ${FOUR_IP} 6rd-prefix 2001:db8::/32 6rd-relay_prefix 10.0.0.0/8`,
    change: [
      { kind: 'sit', sit: { sixRdPrefix: '2001:db8:100::/40' } },
      { prefix: '2001:db8:100::', prefixlen: 40 },
    ],
  },
  { spec: { ...w0, kind: 'vsockmon' }, ip: 'type vsockmon' },
  { spec: { ...w0, kind: 'gretap', gretap: { external: true } }, ip: 'type gretap external' },
  {
    spec: {
      ...w0,
      kind: 'erspan',
      erspan: { ...FOUR, inputKey: 100, outputKey: 100, inputSequence: true, outputSequence: true, version: 1, index: 123 },
    },
    ip: `type erspan ${FOUR_IP} seq key 100 erspan_ver 1 erspan 123`,
    change: [{ kind: 'erspan', erspan: { index: 124 } }, { erspan_index: 124 }],
  },
  {
    spec: {
      ...w0,
      kind: 'erspan',
      erspan: {
        ...FOUR,
        inputKey: 100,
        outputKey: 100,
        inputSequence: true,
        outputSequence: true,
        version: 2,
        direction: 'egress',
        hardwareId: 17,
      },
    },
    ip: `type erspan ${FOUR_IP} seq key 100 erspan_ver 2 erspan_dir egress erspan_hwid 17`,
  },
  {
    spec: {
      ...on,
      kind: 'ip6gre',
      ip6gre: {
        ...SIX,
        ttl: 33,
        inputKey: 5,
        outputKey: 6,
        outputChecksum: true,
        encapLimit: 7,
        trafficClass: 0x12,
        flowLabel: 0x345,
        mark: 7,
      },
    },
    ip: `type ip6gre ${SIX_IP} hoplimit 33 ikey 5 okey 6 ocsum encaplimit 7 tclass 0x12 flowlabel 0x345 fwmark 7 dev p0`,
    change: [
      { kind: 'ip6gre', ip6gre: { ttl: 34, encapLimit: 'none' } },
      { ttl: 34, ikey: '0.0.0.5', okey: '0.0.0.6', ocsum: true, fwmark: '0x7' },
    ],
  },
  {
    spec: {
      ...w0,
      kind: 'ip6gretap',
      ip6gretap: { ...SIX, encapLimit: 'none', inheritTrafficClass: true, inheritFlowLabel: true, copyDscp: true, inputSequence: true },
    },
    ip: `type ip6gretap ${SIX_IP} encaplimit none tclass inherit flowlabel inherit dscp inherit iseq`,
  },
  {
    spec: {
      ...w0,
      kind: 'ip6erspan',
      ip6erspan: {
        ...SIX,
        inputKey: 9,
        outputKey: 9,
        inputSequence: true,
        outputSequence: true,
        version: 2,
        direction: 'ingress',
        hardwareId: 5,
      },
    },
    ip: `type ip6erspan ${SIX_IP} seq key 9 erspan_ver 2 erspan_dir ingress erspan_hwid 5`,
  },
  {
    spec: {
      ...on,
      kind: 'ip6tnl',
      ip6tnl: { ...SIX, protocol: 'ip', ttl: 33, encapLimit: 7, trafficClass: 0x12, flowLabel: 0x345, mark: 7, allowLocalRemote: true },
    },
    ip: `type ip6tnl mode ipip6 ${SIX_IP} hoplimit 33 encaplimit 7 tclass 0x12 flowlabel 0x345 fwmark 7 allow-localremote dev p0`,
    change: [
      { kind: 'ip6tnl', ip6tnl: { protocol: 'any', inheritMark: true } },
      { proto: 'any', ttl: 33, link: 'p0' },
    ],
  },
  {
    spec: {
      ...w0,
      kind: 'ip6tnl',
      ip6tnl: { ...SIX, protocol: 'ipv6', encapLimit: 'none', copyDscp: true, encap: 'gue', encapPort: 5566, encapChecksum6: true },
    },
    ip: `type ip6tnl mode ip6ip6 ${SIX_IP} encaplimit none dscp inherit encap gue encap-dport 5566 encap-udp6-csum`,
  },
  {
    spec: { ...on, kind: 'ipip', ipip: { ...FOUR, ttl: 64, tos: 4, protocol: 'any', mark: 7, encap: 'gue', encapPort: 5566 } },
    ip: `type ipip ${FOUR_IP} ttl 64 tos 4 mode any fwmark 7 encap gue encap-dport 5566 dev p0`,
  },
  {
    spec: { ...w0, kind: 'sit', sit: { ...FOUR, ttl: 0, pathMtuDiscovery: false, protocol: 'any', mark: 9 } },
    ip: `type sit ${FOUR_IP} nopmtudisc mode any fwmark 9`,
  },
  {
    spec: { ...on, kind: 'vti', vti: { ...FOUR, inputKey: 5, outputKey: 6, mark: 7 } },
    ip: `type vti ${FOUR_IP} ikey 5 okey 6 fwmark 7 dev p0`,
    change: [
      { kind: 'vti', vti: { outputKey: 8 } },
      { remote: '192.0.2.9', ikey: '0.0.0.5', okey: '0.0.0.8', link: 'p0' },
    ],
  },
  {
    spec: { ...on, kind: 'vti6', vti6: { ...SIX, inputKey: 5, outputKey: 6, mark: 7 } },
    ip: `type vti6 ${SIX_IP} ikey 5 okey 6 fwmark 7 dev p0`,
  },
  {
    spec: { ...w0, kind: 'geneve', geneve: { id: 9, remote: '10.1.2.3', ttl: 33, tos: 0x16, port: 6090, udpChecksum: false, df: 'set' } },
    ip: 'type geneve id 9 remote 10.1.2.3 ttl 33 tos 0x16 dstport 6090 noudpcsum df set',
    change: [
      { kind: 'geneve', geneve: { remote: '10.1.2.4', ttlInherit: true } },
      { id: 9, remote: '10.1.2.4', port: 6090 },
    ],
  },
  {
    spec: {
      ...w0,
      kind: 'geneve',
      geneve: { id: 10, remote: '2001:db8::5', label: 0x345, zeroChecksum6Send: true, zeroChecksum6Receive: true },
    },
    ip: 'type geneve id 10 remote 2001:db8::5 flowlabel 0x345 udp6zerocsumtx udp6zerocsumrx',
  },
  { spec: { ...w0, kind: 'geneve', geneve: { external: true, innerProtocolInherit: true } }, ip: 'type geneve external innerprotoinherit' },
  {
    spec: { ...on, kind: 'xfrm', xfrm: { id: 42 } },
    ip: 'type xfrm dev p0 if_id 42',
    change: [{ kind: 'xfrm', xfrm: { id: 43 } }, { if_id: '0x2b' }],
  },
  {
    spec: { ...w0, kind: 'bareudp', bareudp: { port: 6635, protocol: 'mpls', sourcePortMin: 50_000, multipleProtocols: true } },
    ip: 'type bareudp dstport 6635 ethertype mpls_uc srcportmin 50000 multiproto',
  },
  {
    spec: { ...w0, kind: 'gtp', gtp: { role: 'ggsn', hashSize: 512, restartCount: 5 } },
    ip: 'type gtp role ggsn hsize 512 restart_count 5',
  },
  {
    spec: {
      ...on,
      kind: 'amt',
      amt: { mode: 'gateway', local: '192.0.2.1', discovery: '192.0.2.2', relayPort: 2270, gatewayPort: 2271, maxTunnels: 7 },
    },
    ip: 'type amt mode gateway local 192.0.2.1 discovery 192.0.2.2 relay_port 2270 gateway_port 2271 max_tunnels 7 dev p0',
  },
  {
    spec: { ...w0, kind: 'hsr', hsr: { port1: 'p0', port2: 'p1', supervision: 45, version: 1 } },
    ip: 'type hsr slave1 p0 slave2 p1 supervision 45 version 1',
  },
  {
    spec: { ...w0, kind: 'hsr', hsr: { port1: 'p0', port2: 'p1', supervision: 46, protocol: 'prp' } },
    ip: 'type hsr slave1 p0 slave2 p1 supervision 46 proto 1',
  },
  {
    spec: {
      ...on,
      kind: 'macsec',
      macsec: {
        port: 5,
        icvLength: 12,
        cipher: 'gcm-aes-256',
        encodingSa: 2,
        encrypt: true,
        sendSci: false,
        endStation: true,
        replayProtect: true,
        window: 64,
        validation: 'check',
      },
    },
    ip: 'link p0 type macsec port 5 icvlen 12 cipher gcm-aes-256 encodingsa 2 encrypt on send_sci off end_station on replay on window 64 validate check',
    change: [
      { kind: 'macsec', macsec: { encrypt: false, window: 65 } },
      { encrypt: false, window: 65, replay_protect: true, validation: 'check' },
    ],
  },
  {
    spec: { ...w0, kind: 'netkit', netkit: { mode: 'l2', policy: 'blackhole', peerPolicy: 'blackhole', peer: { name: 'w1' } } },
    ip: 'type netkit mode l2 blackhole peer blackhole name w1',
    change: [
      { kind: 'netkit', netkit: { policy: 'forward' } },
      { mode: 'l2', policy: 'forward', peer_policy: 'blackhole' },
    ],
  },
  { spec: { ...w0, kind: 'ip6gre', ip6gre: { external: true } }, ip: 'type ip6gre external' },
  { spec: { ...w0, kind: 'ip6tnl', ip6tnl: { external: true, protocol: 'any' } }, ip: 'type ip6tnl external mode any' },
  { spec: { ...w0, kind: 'xfrm', xfrm: { external: true } }, ip: 'type xfrm external' },
  {
    spec: { ...w0, kind: 'geneve', geneve: { id: 11, remote: '10.1.2.3', ttlInherit: true } },
    ip: 'type geneve id 11 remote 10.1.2.3 ttl inherit',
  },
  {
    spec: { ...w0, kind: 'hsr', hsr: { port1: 'p0', port2: 'p1', interlink: 'p2', supervision: 47 } },
    ip: 'type hsr slave1 p0 slave2 p1 interlink p2 supervision 47',
  },
  {
    spec: { ...on, kind: 'macsec', macsec: { sci: '0200000000770009', protect: false, encrypt: true, singleCopyBroadcast: false } },
    ip: 'link p0 type macsec sci 0200000000770009 protect off encrypt on scb off',
  },
  {
    spec: { ...w0, kind: 'netkit', netkit: { mode: 'l3', scrub: 'none', peerScrub: 'none', peer: { name: 'w1' } } },
    ip: 'type netkit mode l3 scrub none peer scrub none name w1',
  },
  { spec: { ...w0, kind: 'batadv', batadv: { algorithm: 'BATMAN_V' } }, ip: 'type batadv ra BATMAN_V' },
  { spec: { ...w0, kind: 'vxcan', vxcan: { peer: { name: 'w1' } } }, ip: 'type vxcan peer name w1' },
  { spec: { ...w0, kind: 'vcan' }, ip: 'type vcan' },
  { spec: { ...w0, kind: 'nlmon', up: true }, ip: 'up type nlmon' },
  { spec: { ...w0, kind: 'team' }, ip: 'type team' },
  { spec: { ...on, kind: 'macvtap', macvtap: { mode: 'private' } }, ip: 'link p0 type macvtap mode private' },
  { spec: { ...on, kind: 'ipvtap', ipvtap: { mode: 'l3s', vepa: true } }, ip: 'link p0 type ipvtap mode l3s vepa' },
];
