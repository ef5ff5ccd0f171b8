import { testFilters, useFilters, type FilterCase } from '../../kernel/network/traffic/filters.js';
import { modules } from '../support.js';

const TO = { to: '1:2' } as const;

/** Fields of flower: the words of tc, our protocol and match. */
const FLOWER: readonly (readonly [
  line: string,
  match: FilterCase[1]['match'],
  protocol?: FilterCase[1]['protocol'],
  read?: FilterCase[2],
])[] = [
  ['protocol ip flower dst_ip 10.0.0.0/8 src_ip 192.0.2.1', { 'ip.dst': '10.0.0.0/8', 'ip.src': '192.0.2.1' }],
  ['protocol ip flower ip_proto tcp dst_port 22', { 'tcp.dport': 22 }, 'ip'],
  ['protocol ip flower ip_proto udp src_port 1000-2000 dst_port 53', { 'udp.sport': '1000-2000', 'udp.dport': 53 }, 'ip'],
  ['protocol ipv6 flower src_ip fd00::/16 ip_proto sctp dst_port 80', { 'ip6.src': 'fd00::/16', 'sctp.dport': 80 }],
  ['protocol ip flower ip_proto tcp tcp_flags 0x2/0x12', { 'tcp.flags': '0x2/0x12' }, 'ip'],
  ['protocol ip flower ip_tos 0x10/0xfc ip_ttl 64', { 'ip.tos': '0x10/0xfc', 'ip.ttl': 64 }],
  ['protocol ipv6 flower ip_tos 0x10 ip_ttl 64', { 'ip6.tclass': 16, 'ip6.hoplimit': 64 }],
  ['protocol ip flower ip_flags frag/nofirstfrag', { 'ip.fragment': '+frag-firstfrag' }],
  ['protocol ip flower ip_proto icmp type 8 code 0', { 'icmp.type': 8, 'icmp.code': 0 }],
  ['protocol ipv6 flower ip_proto icmpv6 type 128 code 0', { 'icmp6.type': 128, 'icmp6.code': 0 }],
  ['protocol all flower src_mac 02:00:00:00:00:01', { 'eth.src': '02:00:00:00:00:01' }],
  ['protocol all flower dst_mac 02:00:00:00:00:00/ff:ff:00:00:00:00', { 'eth.dst': '02:00:00:00:00:00/ff:ff:00:00:00:00' }],
  [
    'protocol 802.1q flower vlan_id 100 vlan_prio 3 vlan_ethtype ip dst_ip 10.0.0.0/8',
    { 'vlan.id': 100, 'vlan.priority': 3, 'ip.dst': '10.0.0.0/8' },
    undefined,
    { 'vlan.id': 100, 'vlan.priority': 3, 'vlan.type': 'ip', 'ip.dst': '10.0.0.0/8' },
  ],
  [
    'protocol 802.1ad flower vlan_id 100 vlan_ethtype 802.1q cvlan_id 5 cvlan_prio 2 cvlan_ethtype ipv6 dst_ip fd00::1',
    { 'vlan.id': 100, 'cvlan.id': 5, 'cvlan.priority': 2, 'ip6.dst': 'fd00::1' },
    '802.1ad',
    { 'vlan.id': 100, 'vlan.type': '802.1q', 'cvlan.id': 5, 'cvlan.priority': 2, 'cvlan.type': 'ipv6', 'ip6.dst': 'fd00::1' },
  ],
  [
    'protocol arp flower arp_op request arp_sip 10.0.0.1 arp_tip 10.0.0.0/24 arp_sha 02:00:00:00:00:01 arp_tha 02:00:00:00:00:02',
    {
      'arp.op': 'request',
      'arp.sip': '10.0.0.1',
      'arp.tip': '10.0.0.0/24',
      'arp.sha': '02:00:00:00:00:01',
      'arp.tha': '02:00:00:00:00:02',
    },
  ],
  [
    'protocol mpls_uc flower mpls_label 1000 mpls_tc 3 mpls_bos 1 mpls_ttl 64',
    { 'mpls.label': 1000, 'mpls.tc': 3, 'mpls.bos': 1, 'mpls.ttl': 64 },
  ],
  [
    'protocol ip flower ct_state +trk+est-new ct_zone 5 ct_mark 0x10/0xff',
    { 'ct.state': '-new+est+trk', 'ct.zone': 5, 'ct.mark': '0x10/0xff' },
    'ip',
  ],
  [
    'protocol ip flower enc_key_id 7 enc_src_ip 192.0.2.0/24 enc_dst_ip 198.51.100.1 enc_dst_port 4789 enc_tos 16 enc_ttl 64',
    {
      'tunnel.id': 7,
      'tunnel.ip.src': '192.0.2.0/24',
      'tunnel.ip.dst': '198.51.100.1',
      'tunnel.dport': 4789,
      'tunnel.tos': 16,
      'tunnel.ttl': 64,
    },
    'ip',
  ],
  ['protocol ip flower enc_src_ip fd00::/16 enc_dst_ip fd00::1', { 'tunnel.ip6.src': 'fd00::/16', 'tunnel.ip6.dst': 'fd00::1' }, 'ip'],
];

/** Actions of a filter that matches all packets. */
const ACTIONS: readonly (readonly [line: string, actions: FilterCase[1]['actions']])[] = [
  ['gact drop', ['drop']],
  ['gact pass', [{ kind: 'gact', then: 'pass' }]],
  ['gact goto chain 5', [{ kind: 'gact', then: 'goto 5' }]],
  ['gact reclassify', ['reclassify']],
  ['police rate 1mbit burst 10k mtu 64kb drop', [{ kind: 'police', rate: '1mbit', burst: '10kib', mtu: '64kib' }]],
  [
    'police rate 40gbit burst 1m mtu 9kb conform-exceed pipe/continue',
    [{ kind: 'police', rate: '40gbit', burst: '1mib', mtu: 9216, exceed: 'pipe', conform: 'continue' }],
  ],
  [
    'police rate 1mbit burst 10k mtu 2kb peakrate 2mbit reclassify',
    [{ kind: 'police', rate: '1mbit', burst: '10kib', mtu: '2kib', peakRate: '2mbit', exceed: 'reclassify' }],
  ],
  ['skbedit mark 0x10/0xff priority 1:10', [{ kind: 'skbedit', mark: 16, mask: 255, priority: '1:10' }]],
  ['skbedit ptype host', [{ kind: 'skbedit', packetType: 'host' }]],
  ['vlan push id 100 protocol 802.1ad priority 3', [{ kind: 'vlan', mode: 'push', id: 100, protocol: '802.1ad', priority: 3 }]],
  ['vlan pop', [{ kind: 'vlan', mode: 'pop' }]],
  ['vlan modify id 7', [{ kind: 'vlan', mode: 'modify', id: 7 }]],
  [
    'vlan push_eth dst_mac 02:00:00:00:00:01 src_mac 02:00:00:00:00:02',
    [{ kind: 'vlan', mode: 'push-eth', destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' }],
  ],
  ['mirred ingress mirror dev p1', [{ kind: 'mirred', mode: 'mirror', direction: 'ingress', link: 'p1' }]],
  [
    'skbedit mark 5 pipe action mirred egress redirect dev p1',
    [
      { kind: 'skbedit', mark: 5 },
      { kind: 'mirred', link: 'p1' },
    ],
  ],
  ['csum ip4h tcp continue', [{ kind: 'csum', options: { parms: { action: -1, updateFlags: 9 } } }]],
];

const CASES: readonly FilterCase[] = [
  ['protocol all matchall classid 1:2', { kind: 'matchall', ...TO }],
  ['protocol all matchall skip_hw classid 1:2', { kind: 'matchall', skipHardware: true, ...TO }],
  ...FLOWER.map(([line, match, protocol, read]): FilterCase => [
    `${line} classid 1:2`,
    { kind: 'flower', ...(match !== undefined && { match }), ...(protocol !== undefined && { protocol }), ...TO },
    read,
  ]),
  ...ACTIONS.map(([line, actions]): FilterCase => [
    `protocol all matchall action ${line}`,
    { kind: 'matchall', ...(actions !== undefined && { actions }) },
  ]),
  // The kernel accepts a queue for outgoing packets only.
  [
    'protocol all matchall action skbedit queue_mapping 3',
    { kind: 'matchall', parent: 'egress', actions: [{ kind: 'skbedit', queue: 3 }] },
  ],
  ['protocol all basic classid 1:2', { kind: 'basic', ...TO }],
  ['protocol all handle 1 cgroup', { kind: 'cgroup', handle: 1 }],
  ['protocol all handle 7 fw classid 1:2', { kind: 'fw', handle: 7, ...TO }],
  [
    'protocol all bpf bytecode 1,6_0_0_1 classid 1:2',
    { kind: 'bpf', options: { opsLen: 1, ops: Buffer.from('0600000001000000', 'hex') }, ...TO },
  ],
];

describe('network().filters on the wide kernel', () => {
  before(() =>
    modules(
      ...['ifb', 'sch_ingress', 'cls_matchall', 'cls_flower', 'cls_u32', 'cls_bpf', 'cls_basic', 'cls_cgroup', 'cls_fw'],
      ...['act_gact', 'act_mirred', 'act_police', 'act_skbedit', 'act_vlan', 'act_csum'],
    ),
  );
  const filters = useFilters();
  testFilters(filters, CASES);
});
