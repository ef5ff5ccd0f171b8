import type { Expression, Selector, SetItem } from '../../../../../lib/network/firewall/rules/expression.js';
import type { Scene } from './rule-row.js';

const payload = (protocol: string, field: string): Selector => ({ payload: { protocol, field } });
const mapOf = (key: Expression, items: readonly SetItem[]): { readonly map: { readonly key: Expression; readonly data: Expression } } => ({
  map: { key, data: { set: items } },
});

/** Rules that send packets elsewhere, and maps of addresses, by their chains. */
export const REDIRECTS: readonly Scene[] = [
  {
    family: 'inet',
    chain: 'type filter hook prerouting priority mangle;',
    rows: [
      [
        { when: [{ 'meta.l4proto': 'tcp' }], then: { tproxy: { family: 'ip', addr: '127.0.0.1', port: 3128 } } },
        'meta l4proto tcp tproxy ip to 127.0.0.1:3128',
      ],
      [{ when: [{ 'tcp.dport': 80 }], then: { tproxy: { port: 3129 } } }, 'tcp dport 80 tproxy to :3129'],
      [
        { when: [{ 'meta.l4proto': 'tcp' }], then: { tproxy: { family: 'ip6', addr: '::1', port: 3128 } } },
        'meta l4proto tcp tproxy ip6 to [::1]:3128',
      ],
      [
        { when: [{ 'meta.l4proto': 'tcp' }], then: { tproxy: { family: 'ip', addr: '127.0.0.1' } } },
        'meta l4proto tcp tproxy ip to 127.0.0.1',
      ],
    ],
  },
  {
    family: 'ip',
    chain: 'type filter hook prerouting priority mangle;',
    rows: [
      [
        { when: [{ 'meta.l4proto': 'tcp' }], then: { tproxy: { addr: '127.0.0.1', port: 3128 } } },
        'meta l4proto tcp tproxy to 127.0.0.1:3128',
      ],
      [
        {
          then: {
            tproxy: {
              port: mapOf(payload('tcp', 'dport'), [
                [80, 3128],
                [443, 3129],
              ]),
            },
          },
        },
        'meta l4proto tcp tproxy to :tcp dport map { 80 : 3128, 443 : 3129 }',
      ],
    ],
  },
  {
    family: 'ip',
    rows: [
      [{ then: { dup: { addr: '10.0.0.1', dev: 12 } } }, 'dup to 10.0.0.1 device "d0"'],
      [{ then: { dup: { addr: '10.0.0.2' } } }, 'dup to 10.0.0.2'],
      [{ then: { dup: { addr: mapOf(payload('ip', 'saddr'), [['1.1.1.1', '10.0.0.1']]) } } }, 'dup to ip saddr map { 1.1.1.1 : 10.0.0.1 }'],
    ],
  },
  {
    family: 'ip6',
    rows: [[{ then: { dup: { addr: 'fe80::1', dev: 12 } } }, 'dup to fe80::1 device "d0"']],
  },
  {
    family: 'netdev',
    chain: 'type filter hook ingress device "d0" priority 0;',
    rows: [
      [{ then: { dup: { addr: 13 } } }, 'dup to "d1"'],
      [{ then: { fwd: { dev: 13 } } }, 'fwd to "d1"'],
      [{ then: { fwd: { dev: 13, family: 'ip', addr: '10.0.0.10' } } }, 'fwd ip to 10.0.0.10 device "d1"'],
      [{ then: { fwd: { dev: 13, family: 'ip6', addr: 'fe80::1' } } }, 'fwd ip6 to fe80::1 device "d1"'],
      [{ then: { fwd: { dev: mapOf(payload('ip', 'saddr'), [['1.1.1.1', 12]]) } } }, 'fwd to ip saddr map { 1.1.1.1 : "d0" }'],
    ],
  },
  {
    family: 'inet',
    chain: 'type filter hook input priority 0;',
    rows: [
      [
        { then: { synproxy: { mss: 1460, wscale: 7, flags: ['timestamp', 'sack-perm'] } } },
        'synproxy mss 1460 wscale 7 timestamp sack-perm',
      ],
      [{ then: 'synproxy' }, 'synproxy'],
      [{ then: { synproxy: { mss: 1460, wscale: 7 } } }, 'synproxy mss 1460 wscale 7'],
    ],
  },
  {
    family: 'ip',
    chain: 'type nat hook prerouting priority 0;',
    rows: [
      [
        {
          then: {
            dnat: { addr: mapOf({ concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] }, [['1.1.1.1 . 80', '10.0.0.1 . 81']]) },
          },
        },
        'dnat to ip saddr . tcp dport map { 1.1.1.1 . 80 : 10.0.0.1 . 81 }',
      ],
      [
        {
          then: {
            dnat: {
              addr: mapOf({ jhash: { mod: 2, expr: payload('ip', 'saddr') } }, [
                [0, '10.0.0.1'],
                [1, '10.0.0.2'],
              ]),
            },
          },
        },
        'dnat to jhash ip saddr mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }',
      ],
      [
        { then: { dnat: { addr: mapOf(payload('ip', 'saddr'), [['10.0.0.0/24', '192.0.2.1-192.0.2.9']]) } } },
        'dnat ip to ip saddr map { 10.0.0.0/24 : 192.0.2.1-192.0.2.9 }',
      ],
      [
        { then: { dnat: { addr: mapOf(payload('tcp', 'dport'), [[80, '10.0.0.1 . 8080']]) } } },
        'dnat to tcp dport map { 80 : 10.0.0.1 . 8080 }',
      ],
      [
        {
          then: {
            dnat: { addr: mapOf({ concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] }, [['1.1.1.1 . 80', '10.0.0.1 . 80-90']]) },
          },
        },
        'dnat to ip saddr . tcp dport map { 1.1.1.1 . 80 : 10.0.0.1 . 80-90 }',
      ],
    ],
  },
  {
    family: 'ip',
    chain: 'type nat hook postrouting priority 0;',
    rows: [
      [
        {
          then: {
            snat: {
              addr: mapOf(payload('ip', 'saddr'), [
                ['10.0.0.0/24', '192.0.2.0/24'],
                ['10.0.1.0/24', '198.51.100.0/24'],
              ]),
              flags: 'netmap',
            },
          },
        },
        'snat ip prefix to ip saddr map { 10.0.0.0/24 : 192.0.2.0/24, 10.0.1.0/24 : 198.51.100.0/24 }',
      ],
      [{ then: { snat: { addr: { range: ['10.0.0.0', '10.0.0.255'] }, flags: 'netmap' } } }, 'snat ip prefix to 10.0.0.0/24'],
    ],
  },
  {
    family: 'inet',
    chain: 'type nat hook prerouting priority 0;',
    rows: [
      [
        {
          then: {
            dnat: {
              family: 'ip',
              addr: mapOf({ concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] }, [['1.1.1.1 . 80', '10.0.0.1 . 81']]),
            },
          },
        },
        'dnat ip to ip saddr . tcp dport map { 1.1.1.1 . 80 : 10.0.0.1 . 81 }',
      ],
    ],
  },
  {
    family: 'inet',
    chain: 'type nat hook postrouting priority 0;',
    rows: [
      [{ then: { snat: { family: 'ip', addr: { range: ['10.0.0.0', '10.0.0.255'] }, flags: 'netmap' } } }, 'snat ip prefix to 10.0.0.0/24'],
    ],
  },
  {
    family: 'ip6',
    chain: 'type nat hook prerouting priority 0;',
    rows: [
      [{ then: { dnat: { addr: mapOf(payload('tcp', 'dport'), [[80, 'fe80::1 . 81']]) } } }, 'dnat to tcp dport map { 80 : fe80::1 . 81 }'],
      [
        { then: { dnat: { addr: mapOf(payload('ip6', 'saddr'), [['fe80::/64', 'fe81::1-fe81::9']]) } } },
        'dnat to ip6 saddr map { fe80::/64 : fe81::1-fe81::9 }',
      ],
    ],
  },
];
