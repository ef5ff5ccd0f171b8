import type { Expression, Selector, SetItem } from '../../../../../lib/network/firewall/rules/expression.js';
import type { RawBase } from '../../../../../lib/network/firewall/rules/fields/field-names.js';
import type { FirewallRule } from '../../../../../lib/network/firewall/rules/firewall-rule.js';
import type { FullMatch, MatchOperator } from '../../../../../lib/network/firewall/rules/match.js';
import type { Scene } from './rule-row.js';

const payload = (protocol: string, field: string): Selector => ({ payload: { protocol, field } });
const raw = (base: RawBase, offset: number, len: number): Selector => ({ payload: { base, offset, len } });
const meta = (key: string): Selector => ({ meta: { key } });
const ct = (key: string): Selector => ({ ct: { key } });
const match = (left: Expression, right: Expression, op: MatchOperator = '=='): FullMatch => ({ match: { op, left, right } });
const mapOf = (key: Expression, items: readonly SetItem[]): { readonly map: { readonly key: Expression; readonly data: Expression } } => ({
  map: { key, data: { set: items } },
});
const when = (...matches: NonNullable<FirewallRule['when']>): FirewallRule => ({ when: matches, then: [] });

/** Rules with raw bits, hashes, times, labels, fingerprints and objects, by their chains. */
export const OTHERS: readonly Scene[] = [
  {
    family: 'inet',
    rows: [
      [when({ '@nh,8,8': 16 }), '@nh,8,8 0x10'],
      [when({ '@nh,12,4': 5 }), '@nh,12,4 5'],
      [when({ '@nh,9,3': 5 }), '@nh,9,3 5'],
      [when({ '@ll,0,48': 18838586676582 }), '@ll,0,48 0x112233445566'],
      [when({ '@ih,32,32': 335544320 }), '@ih,32,32 0x14000000'],
      [when(match({ '&': [raw('th', 0, 64), 65280] }, 4608)), '@th,0,64 & 0xff00 == 0x1200'],
      [when(match({ osf: { key: 'name' } }, 'Linux')), 'osf name "Linux"'],
      [when(match({ osf: { key: 'version', ttl: 'loose' } }, 'Linux:3.0')), 'osf ttl loose version "Linux:3.0"'],
      [when(match({ osf: { key: 'name', ttl: 'skip' } }, { set: ['Linux', 'Windows'] })), 'osf ttl skip name { "Linux", "Windows" }'],
      [{ then: 'last' }, 'last'],
      [{ then: 'last' }, 'last used never'],
      [{ then: { 'ct count': { val: 5 } } }, 'ct count 5'],
      [{ then: { 'ct count': { val: 5, inv: true } } }, 'ct count over 5'],
      [when({ 'ct.label': 5 }), 'ct label 5'],
      [when(match(ct('expiration'), 10, '<')), 'ct expiration < 10s'],
      [when({ 'ct.expiration': '10-20' }), 'ct expiration 10s-20s'],
      [when({ 'meta.hour': '08:00-17:00' }), 'meta hour "08:00"-"17:00"'],
      [when(match(meta('hour'), '08:00', '>=')), 'meta hour >= "08:00"'],
      [when(match(meta('time'), '2030-01-01 00:00:00', '<')), 'meta time < "2030-01-01 00:00:00"'],
      [when(match({ ipsec: { key: 'reqid', dir: 'in' } }, 5)), 'ipsec in reqid 5'],
      [when(match({ ipsec: { key: 'saddr', family: 'ip', dir: 'out' } }, '1.1.1.1')), 'ipsec out ip saddr 1.1.1.1'],
      [
        {
          then: {
            counter: mapOf(payload('tcp', 'dport'), [
              [80, 'k'],
              [443, 'k'],
            ]),
          },
        },
        'counter name tcp dport map { 80 : "k", 443 : "k" }',
      ],
      [
        when(match({ concat: [payload('ip', 'dscp'), payload('ip', 'saddr')] }, { set: ['cs1 . 1.1.1.1'] })),
        'ip dscp . ip saddr { cs1 . 1.1.1.1 }',
      ],
      [when({ 'icmp.type': ['echo-reply', 'echo-request'] }, { 'icmp.id': 5 }), 'icmp id 5'],
      [when({ 'icmp.type': ['echo-reply', 'echo-request'] }, { 'icmp.sequence': 5 }), 'icmp sequence 5'],
      [when({ 'icmp.type': 'destination-unreachable' }, { 'icmp.mtu': 1400 }), 'icmp mtu 1400'],
      [when({ 'icmp.type': 'echo-request' }, { 'icmp.id': [5, 6] }), 'icmp type echo-request icmp id { 5, 6 }'],
      [when({ 'icmp.mtu': 1400 }), 'icmp mtu 1400', when({ 'icmp.type': 'destination-unreachable' }, { 'icmp.mtu': 1400 })],
      [when({ 'icmpv6.type': 'packet-too-big' }, { 'icmpv6.mtu': 1280 }), 'icmpv6 mtu 1280'],
      [when({ 'icmpv6.type': ['echo-request', 'echo-reply'] }, { 'icmpv6.id': 5 }), 'icmpv6 id 5'],
      [when({ 'icmpv6.type': 'mld-listener-query' }, { 'icmpv6.max-delay': 5 }), 'icmpv6 max-delay 5'],
      [
        when(
          {
            'icmpv6.type': [
              'mld-listener-query',
              'mld-listener-report',
              'mld-listener-done',
              'nd-neighbor-solicit',
              'nd-neighbor-advert',
              'nd-redirect',
            ],
          },
          { 'icmpv6.taddr': 'fe80::1' },
        ),
        'icmpv6 taddr fe80::1',
      ],
      [
        when(match({ concat: [raw('nh', 96, 32), raw('nh', 128, 32)] }, { set: ['16843009 . 33686018'] })),
        '@nh,96,32 . @nh,128,32 { 0x01010101 . 0x02020202 }',
      ],
      [when(match(raw('th', 13, 3), 5, '>')), '@th,13,3 > 5'],
      [when({ '@ih,0,8': [1, '3-5'] }), '@ih,0,8 { 1, 3-5 }'],
      [when({ '@nh,96,8': 10 }), '@nh,96,32 0x0a000000/8'],
      [when({ '@nh,66,6': 5 }), '@nh,64,8 & 0x3f == 5'],
      [
        { then: { map: { op: 'update', elem: payload('ip', 'saddr'), data: meta('mark'), map: '@mk' } } },
        'update @mk { ip saddr : meta mark }',
      ],
      [
        { then: { map: { op: 'add', elem: { elem: { val: payload('ip', 'saddr'), timeout: 5 } }, data: 5, map: '@mk' } } },
        'add @mk { ip saddr timeout 5s : 5 }',
      ],
      [when(match({ jhash: { mod: 4, expr: payload('ip', 'saddr') } }, 2)), 'jhash ip saddr mod 4 2'],
      [when(match({ jhash: { mod: 4, expr: payload('ip', 'saddr') } }, { set: [0, 2] })), 'jhash ip saddr mod 4 { 0, 2 }'],
      [
        {
          then: {
            vmap: {
              key: { jhash: { mod: 4, expr: payload('ip', 'saddr') } },
              data: {
                set: [
                  [0, 'accept'],
                  [1, 'drop'],
                ],
              },
            },
          },
        },
        'jhash ip saddr mod 4 vmap { 0 : accept, 1 : drop }',
      ],
      [when({ '@nh,96,32': 1 }, { '@nh,128,32': 2 }), '@nh,96,32 1 @nh,128,32 2'],
      [{ then: [{ 'ct count': { val: 5, inv: true } }, 'reject'] }, 'ct count over 5 reject'],
      [when({ 'meta.time': '2030-01-01 00:00:00' }), 'meta time "2030-01-01 00:00:00"'],
      [when({ 'meta.time': '2030-01-01 00:00:00-2030-02-01 10:00:00' }), 'meta time "2030-01-01"-"2030-02-01 10:00:00"'],
      [when({ 'meta.hour': '08:00:30' }), 'meta hour "08:00:30"'],
      [when({ 'meta.hour': ['08:00-09:00', '10:00'] }), 'meta hour { "08:00"-"09:00", "10:00" }'],
      [when({ 'ct.label': [5, 6] }), 'ct label { 5, 6 }'],
      [when({ 'ct.label': '5,6' }), 'ct label 5,6'],
      [when({ 'ct.label': { not: 5 } }), 'ct label ! 5'],
      [when({ 'ct.expiration': [10, 20] }), 'ct expiration { 10s, 20s }'],
      [{ then: { counter: mapOf(payload('ip', 'saddr'), [['1.1.1.1', 'k']]) } }, 'counter name ip saddr map { 1.1.1.1 : "k" }'],
    ],
  },
];
