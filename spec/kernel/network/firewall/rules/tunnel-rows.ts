import type { Expression, Selector } from '../../../../../lib/network/firewall/rules/expression.js';
import type { TunnelName } from '../../../../../lib/network/firewall/rules/fields/field-names.js';
import type { FirewallRule } from '../../../../../lib/network/firewall/rules/firewall-rule.js';
import type { FullMatch, MatchOperator } from '../../../../../lib/network/firewall/rules/match.js';
import type { Scene } from './rule-row.js';

const inner = (tunnel: TunnelName, protocol: string, field: string): Selector => ({ payload: { tunnel, protocol, field } });
const match = (left: Expression, right: Expression, op: MatchOperator = '=='): FullMatch => ({ match: { op, left, right } });
const when = (...matches: NonNullable<FirewallRule['when']>): FirewallRule => ({ when: matches, then: [] });

/** Rules that test the packets inside tunnels, by their chains. */
export const TUNNELS: readonly Scene[] = [
  {
    family: 'inet',
    rows: [
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ip', 'saddr'), '10.0.0.1')), 'udp dport 4789 vxlan ip saddr 10.0.0.1'],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'vxlan', 'vni'), 5)), 'udp dport 4789 vxlan vni 5'],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'tcp', 'dport'), 80)), 'udp dport 4789 vxlan tcp dport 80'],
      [
        when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ether', 'saddr'), '00:11:22:33:44:55')),
        'udp dport 4789 vxlan ether saddr 00:11:22:33:44:55',
      ],
      [when(match(inner('gre', 'ip', 'saddr'), '10.0.0.2')), 'gre ip saddr 10.0.0.2'],
      [when(match(inner('gretap', 'ether', 'saddr'), '00:11:22:33:44:55')), 'gretap ether saddr 00:11:22:33:44:55'],
      [when({ 'udp.dport': 6081 }, match(inner('geneve', 'ip', 'saddr'), '10.0.0.1')), 'udp dport 6081 geneve ip saddr 10.0.0.1'],
      [when({ 'udp.dport': 6081 }, match(inner('geneve', 'geneve', 'vni'), 5)), 'udp dport 6081 geneve vni 5'],
      [when({ 'gre.version': 0 }), 'gre version 0'],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ip', 'saddr'), '10.0.0.0/24')), 'udp dport 4789 vxlan ip saddr 10.0.0.0/24'],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ip', 'saddr'), '10.0.0.0/23')), 'udp dport 4789 vxlan ip saddr 10.0.0.0/23'],
      [
        when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ip', 'saddr'), { set: ['10.0.0.1', '10.0.0.2'] })),
        'udp dport 4789 vxlan ip saddr { 10.0.0.1, 10.0.0.2 }',
      ],
      [
        when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ip', 'saddr'), '1.1.1.1'), match(inner('vxlan', 'ip', 'daddr'), '2.2.2.2')),
        'udp dport 4789 vxlan ip saddr 1.1.1.1 vxlan ip daddr 2.2.2.2',
      ],
      [
        when(
          { 'udp.dport': 4789 },
          match({ concat: [inner('vxlan', 'ip', 'saddr'), inner('vxlan', 'tcp', 'dport')] }, { set: ['1.1.1.1 . 80'] }),
        ),
        'udp dport 4789 vxlan ip saddr . vxlan tcp dport { 1.1.1.1 . 80 }',
      ],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'icmp', 'type'), 'echo-request')), 'udp dport 4789 vxlan icmp type echo-request'],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'udp', 'dport'), 53)), 'udp dport 4789 vxlan udp dport 53'],
      [
        when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ip', 'saddr'), '1.1.1.1'), match(inner('vxlan', 'tcp', 'dport'), 80)),
        'udp dport 4789 vxlan ip saddr 1.1.1.1 vxlan tcp dport 80',
      ],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'ip', 'dscp'), 'cs1')), 'udp dport 4789 vxlan ip dscp cs1'],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'vlan', 'id'), 5)), 'udp dport 4789 vxlan vlan id 5'],
      [when({ 'udp.dport': 4789 }, match(inner('vxlan', 'vxlan', 'vni'), { set: [5, 6] })), 'udp dport 4789 vxlan vni { 5, 6 }'],
      [when(match(inner('gre', 'tcp', 'dport'), 80)), 'gre tcp dport 80'],
      [when(match(inner('gretap', 'ip', 'saddr'), '1.1.1.1')), 'gretap ip saddr 1.1.1.1'],
      [when(match(inner('gre', 'icmp', 'type'), 'echo-request')), 'gre icmp type echo-request'],
      [when(match(inner('gretap', 'icmp', 'type'), 'echo-request')), 'gretap icmp type echo-request'],
      [when({ 'udp.dport': 6081 }, match(inner('geneve', 'geneve', 'type'), 25944)), 'udp dport 6081 geneve type 0x6558'],
    ],
  },
];
