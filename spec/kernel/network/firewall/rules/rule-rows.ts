import type { FirewallRule } from '../../../../../lib/network/firewall/rules/firewall-rule.js';
import type { FirewallFamily } from '../../../../../lib/network/firewall/rules/rule-context.js';
import type { RuleRow } from './rule-row.js';

const meta = (key: string): { readonly meta: { readonly key: string } } => ({ meta: { key } });
const ct = (key: string): { readonly ct: { readonly key: string } } => ({ ct: { key } });
const payload = (protocol: string, field: string): { readonly payload: { readonly protocol: string; readonly field: string } } => ({
  payload: { protocol, field },
});
const when = (...matches: NonNullable<FirewallRule['when']>): FirewallRule => ({ when: matches, then: [] });

/** Rules by the family of their table. */
export const RULES: Readonly<Partial<Record<FirewallFamily, readonly RuleRow[]>>> = {
  inet: [
    // Fields of headers, and the protocols that they need.
    [{ when: [{ 'tcp.dport': 22 }], then: 'accept' }, 'tcp dport 22 accept'],
    [{ when: [{ 'tcp.dport': { not: 22 } }], then: 'drop' }, 'tcp dport != 22 drop'],
    [when({ 'tcp.dport': '1024-2048' }), 'tcp dport 1024-2048'],
    [when({ 'tcp.dport': { not: '1-5' } }), 'tcp dport != 1-5'],
    [when({ 'tcp.dport': [22, 80] }), 'tcp dport { 22, 80 }'],
    [when({ 'tcp.dport': { not: [22, 80] } }), 'tcp dport != { 22, 80 }'],
    [when({ 'tcp.dport': [22, '1000-2000', '60000-65535'] }), 'tcp dport { 22, 1000-2000, 60000-65535 }'],
    [when({ 'tcp.dport': ['0-5', 9] }), 'tcp dport { 0-5, 9 }'],
    [when({ 'tcp.dport': [22] }), 'tcp dport { 22 }', when({ 'tcp.dport': 22 })],
    [when({ 'tcp.sport': 1, 'tcp.dport': 2 }), 'tcp sport 1 tcp dport 2', when({ 'tcp.sport': 1 }, { 'tcp.dport': 2 })],
    [
      when({ 'tcp.sport': 6 }, { 'ip.saddr': '1.1.1.1' }, { 'tcp.dport': 7 }),
      'tcp sport 6 ip saddr 1.1.1.1 tcp dport 7',
      when({ 'tcp.sport': 6 }, { 'tcp.dport': 7 }, { 'ip.saddr': '1.1.1.1' }),
    ],
    [when({ 'ip.saddr': '1.2.3.4' }, { 'ip.daddr': '5.6.7.8' }, { 'tcp.dport': 5 }), 'ip saddr 1.2.3.4 ip daddr 5.6.7.8 tcp dport 5'],
    [when({ 'ip.saddr': '10.0.0.0/24' }), 'ip saddr 10.0.0.0/24'],
    [when({ 'ip.saddr': '10.0.0.0/9' }), 'ip saddr 10.0.0.0/9'],
    [when({ 'ip.saddr': { not: '10.0.0.0/8' } }), 'ip saddr != 10.0.0.0/8'],
    [when({ 'ip.saddr': '0.0.0.0/0' }), 'ip saddr 0.0.0.0/0'],
    [when({ 'ip.saddr': '10.0.0.0-10.0.0.255' }), 'ip saddr 10.0.0.0-10.0.0.255'],
    [when({ 'ip.saddr': ['10.0.0.0/8', '192.168.0.1'] }), 'ip saddr { 10.0.0.0/8, 192.168.0.1 }'],
    [when({ 'ip.saddr': '@s4' }), 'ip saddr @s4'],
    [when({ 'ip.saddr': { not: '@si' } }), 'ip saddr != @si'],
    [when({ 'ip6.saddr': 'fe80::/10' }), 'ip6 saddr fe80::/10'],
    [when({ 'ip6.saddr': ['::1', 'fe80::/64'] }), 'ip6 saddr { ::1, fe80::/64 }'],
    [when({ 'ip6.flowlabel': 5 }), 'ip6 flowlabel 5'],
    [when({ 'ip.dscp': 'cs1' }), 'ip dscp cs1'],
    [when({ 'ip.dscp': ['cs1', 'cs2'] }), 'ip dscp { cs1, cs2 }'],
    [when({ 'ip6.dscp': 'ef' }), 'ip6 dscp ef'],
    [when({ 'ip.protocol': 'tcp' }, { 'tcp.dport': 5 }), 'ip protocol tcp tcp dport 5'],
    [when({ 'ip.id': 5 }, { 'ip.length': 6 }), 'ip id 5 ip length 6', when({ 'ip.length': 6 }, { 'ip.id': 5 })],
    [when({ 'icmp.type': 'echo-request' }), 'icmp type echo-request'],
    [when({ 'icmpv6.type': ['nd-router-advert', 'nd-neighbor-solicit'] }), 'icmpv6 type { nd-router-advert, nd-neighbor-solicit }'],
    [when({ 'igmp.type': 'membership-query' }), 'igmp type membership-query'],
    [when({ 'sctp.dport': 5 }), 'sctp dport 5'],
    [when({ 'udp.dport': 53 }), 'udp dport 53'],
    [when({ 'dccp.type': 'request' }), 'dccp type request'],
    [when({ 'esp.spi': 5 }, { 'esp.sequence': 6 }), 'esp spi 5 esp sequence 6'],
    [when({ 'th.dport': 5 }), 'th dport 5'],
    [when({ 'meta.l4proto': ['tcp', 'udp'] }, { 'th.dport': 53 }), 'meta l4proto { tcp, udp } th dport 53'],
    [when({ 'ether.saddr': '00:11:22:33:44:55' }), 'ether saddr 00:11:22:33:44:55'],
    [when({ 'ether.saddr': '00:11:22:33:44:55' }, { 'ip.saddr': '1.1.1.1' }), 'ether saddr 00:11:22:33:44:55 ip saddr 1.1.1.1'],
    [
      when({ 'ether.daddr': '00:11:22:33:44:55' }, { 'ether.saddr': '00:11:22:33:44:56' }, { 'ether.type': 'ip' }),
      'ether daddr 00:11:22:33:44:55 ether saddr 00:11:22:33:44:56 ether type ip',
    ],
    [when({ 'vlan.id': 5 }, { 'ip.saddr': '1.1.1.1' }), 'vlan id 5 ip saddr 1.1.1.1'],
    [when({ 'vlan.pcp': [1, 2] }), 'vlan pcp { 1, 2 }'],
    // Flags.
    [when({ 'ct.state': 'established,related' }), 'ct state established,related'],
    [when({ 'ct.state': { not: 'new' } }), 'ct state ! new'],
    [when({ 'ct.state': ['established', 'related'] }), 'ct state { established, related }'],
    [when({ 'ct.state': ['new'] }), 'ct state { new }', when({ 'ct.state': 'new' })],
    [when({ match: { op: '!=', left: ct('state'), right: 'established' } }), 'ct state != established'],
    [when({ 'ct.status': 'dnat' }), 'ct status dnat'],
    [when({ 'tcp.flags': 'syn,ack' }), 'tcp flags syn,ack'],
    [when({ match: { op: '==', left: { '&': [payload('tcp', 'flags'), 'syn,ack'] }, right: 'syn' } }), 'tcp flags & (syn|ack) == syn'],
    // Properties of packets and connections.
    [when({ 'meta.iifname': 'eth0' }), 'iifname "eth0"'],
    [when({ 'meta.iifname': 'eth*' }), 'iifname "eth*"'],
    [when({ 'meta.oifname': { not: 'eth*' } }), 'oifname != "eth*"'],
    [when({ 'meta.iifname': ['b*', 'eth0'] }), 'iifname { "b*", "eth0" }'],
    [when({ 'meta.iif': 'lo' }), 'iif "lo"'],
    [when({ 'meta.mark': 5 }), 'meta mark 5'],
    [when({ 'meta.mark': '1-5' }), 'meta mark 1-5'],
    [when({ 'meta.mark': [1, '3-5'] }), 'meta mark { 1, 3-5 }'],
    [when({ 'meta.mark': '@sm' }), 'meta mark @sm'],
    [when({ 'meta.skuid': '1000-2000' }), 'meta skuid 1000-2000'],
    [when({ 'meta.pkttype': ['broadcast', 'multicast'] }), 'meta pkttype { broadcast, multicast }'],
    [when({ 'meta.priority': '1:10' }), 'meta priority 1:10'],
    [when({ match: { op: '>', left: meta('length'), right: 5 } }), 'meta length > 5'],
    [when({ match: { op: '>', left: ct('bytes'), right: 1000 } }), 'ct bytes > 1000'],
    [when({ 'ct.direction': 'original' }), 'ct direction original'],
    [when({ 'ct.helper': 'ftp' }), 'ct helper "ftp"'],
    [when({ match: { op: '==', left: { ct: { key: 'ip saddr', dir: 'original' } }, right: '1.1.1.1' } }), 'ct original ip saddr 1.1.1.1'],
    [when({ match: { op: '==', left: { '&': [ct('mark'), 255] }, right: 16 } }), 'ct mark and 0xff == 0x10'],
    [when({ match: { op: '!=', left: { '&': [payload('ip', 'frag-off'), 0x1fff] }, right: 0 } }), 'ip frag-off & 0x1fff != 0'],
    [when({ 'fib.daddr.type': 'local' }), 'fib daddr type local'],
    [when({ 'fib.saddr.mark.iif.oif': 'missing' }), 'fib saddr . mark . iif oif missing'],
    [when({ 'fib.daddr.iif.type': ['local', 'broadcast'] }), 'fib daddr . iif type { local, broadcast }'],
    [when({ match: { op: '==', left: { rt: { key: 'nexthop', family: 'ip' } }, right: '1.1.1.1' } }), 'rt ip nexthop 1.1.1.1'],
    [when({ match: { op: '==', left: { socket: { key: 'mark' } }, right: 1 } }), 'socket mark 1'],
    // Concatenations.
    [
      when({
        match: {
          op: '==',
          left: { concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] },
          right: { set: ['1.1.1.1 . 22-23', '10.0.0.0/8 . 5'] },
        },
      }),
      'ip saddr . tcp dport { 1.1.1.1 . 22-23, 10.0.0.0/8 . 5 }',
    ],
    [
      when({ match: { op: '==', left: { concat: [meta('mark'), payload('tcp', 'dport')] }, right: { set: ['1 . 22'] } } }),
      'meta mark . tcp dport { 1 . 22 }',
    ],
    [
      when({ match: { op: '==', left: { concat: [meta('mark'), payload('tcp', 'dport')] }, right: { set: ['1 . 22-23'] } } }),
      'meta mark . tcp dport { 1 . 22-23 }',
    ],
    [
      when({ match: { op: '==', left: { concat: [meta('iifname'), meta('oifname')] }, right: { set: ['a . b', 'c . d'] } } }),
      'iifname . oifname { "a" . "b", "c" . "d" }',
    ],
    // Statements.
    [{ then: ['counter', 'accept'] }, 'counter accept'],
    [{ then: [{ counter: { packets: 5, bytes: 6 } }, { jump: 'x' }] }, 'counter packets 5 bytes 6 jump x'],
    [{ then: [{ counter: 'k' }, { goto: 'x' }] }, 'counter name "k" goto x'],
    [
      { when: [{ 'ip.saddr': '1.2.3.4' }], then: ['counter', { match: { op: '==', left: payload('ip', 'daddr'), right: '5.6.7.8' } }] },
      'ip saddr 1.2.3.4 counter ip daddr 5.6.7.8',
    ],
    [{ then: [{ limit: { rate: 10, per: 'second', burst: 20 } }, 'drop'] }, 'limit rate 10/second burst 20 packets drop'],
    [{ then: { limit: { rate: 5, per: 'week' } } }, 'limit rate 5/week'],
    [
      { then: { limit: { rate: 10, rate_unit: 'kbytes', per: 'minute', burst: 5, burst_unit: 'kbytes', inv: true } } },
      'limit rate over 10 kbytes/minute burst 5 kbytes',
      { then: { limit: { rate: 10_240, rate_unit: 'bytes', per: 'minute', burst: 5120, inv: true } } },
    ],
    [
      { then: { quota: { val: 5, val_unit: 'mbytes', inv: true } } },
      'quota over 5 mbytes',
      { then: { quota: { val: 5_242_880, inv: true } } },
    ],
    [{ then: 'log' }, 'log'],
    [{ then: { log: { prefix: 'a', group: 3, snaplen: 5, 'queue-threshold': 4 } } }, 'log prefix "a" group 3 snaplen 5 queue-threshold 4'],
    [{ then: { log: { level: 'crit', flags: ['tcp sequence', 'tcp options'] } } }, 'log level crit flags tcp sequence,options'],
    [{ then: { log: { flags: 'all' } } }, 'log flags all'],
    [{ then: 'reject' }, 'reject'],
    [{ when: [{ 'ip.saddr': '1.1.1.1' }], then: 'reject' }, 'ip saddr 1.1.1.1 reject'],
    [{ when: [{ 'ip6.saddr': 'fe80::1' }], then: 'reject' }, 'ip6 saddr fe80::1 reject'],
    [{ then: { reject: { type: 'tcp reset' } } }, 'reject with tcp reset'],
    [
      { then: { reject: { type: 'icmpx', expr: 'admin-prohibited' } } },
      'reject with icmpx admin-prohibited',
      { then: { reject: { type: 'icmpx', expr: 3 } } },
    ],
    [
      { then: { reject: { type: 'icmp', expr: 'host-prohibited' } } },
      'reject with icmp host-prohibited',
      { then: { reject: { type: 'icmp', expr: 10 } } },
    ],
    [{ then: { mark: 5 } }, 'meta mark set 5'],
    [{ then: { 'ct mark': meta('mark') } }, 'ct mark set meta mark'],
    [{ then: { mark: { '|': [{ '&': [ct('mark'), 255] }, 256] } } }, 'meta mark set ct mark and 0xff or 0x100'],
    [{ then: { mangle: { key: meta('priority'), value: '1:10' } } }, 'meta priority set 1:10'],
    [{ then: { mangle: { key: meta('nftrace'), value: 1 } } }, 'meta nftrace set 1'],
    [
      {
        then: {
          mark: {
            map: {
              key: payload('tcp', 'dport'),
              data: {
                set: [
                  [1, 5],
                  ['3-9', 7],
                ],
              },
            },
          },
        },
      },
      'meta mark set tcp dport map { 1 : 5, 3-9 : 7 }',
    ],
    [{ then: { mark: { numgen: { mode: 'random', mod: 10, offset: 5 } } } }, 'meta mark set numgen random mod 10 offset 5'],
    [
      {
        then: {
          vmap: {
            key: payload('tcp', 'dport'),
            data: {
              set: [
                [22, 'accept'],
                ['80-90', { jump: 'x' }],
                ['91-95', 'drop'],
              ],
            },
          },
        },
      },
      'tcp dport vmap { 22 : accept, 80-90 : jump x, 91-95 : drop }',
    ],
    [{ then: { vmap: { key: payload('tcp', 'dport'), data: '@mv' } } }, 'tcp dport vmap @mv'],
    [{ then: { set: { op: 'add', elem: payload('ip', 'saddr'), set: '@s4' } } }, 'add @s4 { ip saddr }'],
    [
      { then: { set: { op: 'update', elem: { elem: { val: payload('ip', 'saddr'), timeout: 5 } }, set: '@s4' } } },
      'update @s4 { ip saddr timeout 5s }',
    ],
    [
      { then: { set: { op: 'update', elem: payload('ip', 'saddr'), set: '@s4', stmt: [{ limit: { rate: 10, per: 'second' } }] } } },
      'update @s4 { ip saddr limit rate 10/second }',
    ],
    [
      { then: { mangle: { key: { 'tcp option': { name: 'maxseg', field: 'size' } }, value: { rt: { key: 'mtu' } } } } },
      'tcp option maxseg size set rt mtu',
    ],
    [{ then: { mangle: { key: { 'tcp option': { name: 'maxseg', field: 'size' } }, value: 1400 } } }, 'tcp option maxseg size set 1400'],
    [{ then: 'notrack' }, 'notrack'],
    [{ then: 'return' }, 'return'],
  ],
  ip: [
    [when({ 'ip.saddr': '1.1.1.1' }), 'ip saddr 1.1.1.1'],
    [when({ 'tcp.dport': 5 }), 'tcp dport 5'],
    [when({ 'icmp.type': 'echo-request' }), 'icmp type echo-request'],
    [when({ 'ip.protocol': 'tcp' }, { 'tcp.dport': 22 }), 'ip protocol tcp tcp dport 22'],
    [{ then: 'reject' }, 'reject'],
    [when({ 'vlan.id': 5 }, { 'ip.saddr': '1.1.1.1' }), 'vlan id 5 ip saddr 1.1.1.1'],
  ],
  ip6: [
    [when({ 'ip6.saddr': 'fe80::1' }), 'ip6 saddr fe80::1'],
    [when({ 'ip6.nexthdr': 'tcp' }, { 'tcp.dport': 5 }), 'ip6 nexthdr tcp tcp dport 5'],
    [{ then: 'reject' }, 'reject'],
  ],
  netdev: [
    [when({ 'ip.saddr': '10.0.0.0/8' }), 'ip saddr 10.0.0.0/8'],
    [when({ 'icmpv6.type': 'echo-request' }), 'icmpv6 type echo-request'],
    [when({ 'arp.operation': 'request' }), 'arp operation request'],
    [when({ 'ether.saddr': '00:11:22:33:44:55' }, { 'ip.saddr': '1.1.1.1' }), 'ether saddr 00:11:22:33:44:55 ip saddr 1.1.1.1'],
    [when({ 'vlan.id': 5 }, { 'ip.saddr': '1.1.1.1' }), 'vlan id 5 ip saddr 1.1.1.1'],
  ],
  bridge: [
    [when({ 'ip.saddr': '1.1.1.1' }), 'ip saddr 1.1.1.1'],
    [when({ 'icmp.type': 'echo-request' }), 'icmp type echo-request'],
    [when({ 'arp.saddr ip': '1.1.1.1' }), 'arp saddr ip 1.1.1.1'],
    [when({ 'ether.saddr': '00:11:22:33:44:55' }), 'ether saddr 00:11:22:33:44:55'],
    [when({ 'vlan.id': 5 }, { 'ip.saddr': '1.1.1.1' }), 'vlan id 5 ip saddr 1.1.1.1'],
  ],
  arp: [[when({ 'arp.operation': 'request' }, { 'arp.saddr ip': '1.1.1.1' }), 'arp operation request arp saddr ip 1.1.1.1']],
};
