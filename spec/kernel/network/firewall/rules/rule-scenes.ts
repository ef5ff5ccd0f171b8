import type { FirewallFamily } from '../../../../../lib/network/firewall/rules/rule-context.js';
import { OPTIONS } from './option-rows.js';
import { REDIRECTS } from './redirect-rows.js';
import type { RuleRow, Scene } from './rule-row.js';
import { RULES } from './rule-rows.js';
import { OTHERS } from './statement-rows.js';
import { TUNNELS } from './tunnel-rows.js';
import { WRITES } from './write-rows.js';

const PREROUTING = 'type nat hook prerouting priority dstnat;';
const POSTROUTING = 'type nat hook postrouting priority srcnat;';

const DNAT: readonly RuleRow[] = [
  [{ when: [{ 'tcp.dport': 8080 }], then: { dnat: { addr: '192.168.1.10', port: 80 } } }, 'tcp dport 8080 dnat to 192.168.1.10:80'],
  [
    { when: [{ 'tcp.dport': [80, 443] }], then: ['counter', { dnat: { addr: '192.168.1.10' } }] },
    'tcp dport { 80, 443 } counter dnat to 192.168.1.10',
  ],
  [
    { then: { dnat: { addr: { range: ['10.0.0.1', '10.0.0.9'] }, flags: ['random', 'persistent'] } } },
    'dnat to 10.0.0.1-10.0.0.9 random,persistent',
  ],
  [
    {
      then: {
        dnat: {
          addr: {
            map: {
              key: { numgen: { mode: 'inc', mod: 2 } },
              data: {
                set: [
                  [0, '10.0.0.1'],
                  [1, '10.0.0.2'],
                ],
              },
            },
          },
        },
      },
    },
    'dnat to numgen inc mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }',
  ],
  [{ when: [{ 'tcp.dport': 53 }], then: { redirect: { port: 5353 } } }, 'tcp dport 53 redirect to :5353'],
  [{ when: [{ 'udp.dport': 53 }], then: 'redirect' }, 'udp dport 53 redirect'],
];

const SNAT: readonly RuleRow[] = [
  [
    {
      when: [{ 'meta.l4proto': 'tcp' }],
      then: { snat: { addr: { range: ['192.0.2.1', '192.0.2.5'] }, port: { range: [1024, 65_535] }, flags: 'persistent' } },
    },
    'meta l4proto tcp snat to 192.0.2.1-192.0.2.5:1024-65535 persistent',
  ],
  [{ then: { snat: { addr: '192.0.2.1' } } }, 'snat to 192.0.2.1'],
  [
    { when: [{ 'ip.saddr': '10.0.0.0/24' }, { 'meta.oifname': 'wan0' }], then: 'masquerade' },
    'ip saddr 10.0.0.0/24 oifname "wan0" masquerade',
  ],
  [
    { when: [{ 'meta.l4proto': ['tcp', 'udp'] }], then: { masquerade: { port: { range: [1024, 65_535] }, flags: 'fully-random' } } },
    'meta l4proto { tcp, udp } masquerade to :1024-65535 fully-random',
  ],
];

/** Rules of address translation in a table of several families: the rule names the family of the address. */
const BOTH: readonly RuleRow[] = [
  [{ when: [{ 'tcp.dport': 80 }], then: { dnat: { family: 'ip', addr: '10.0.0.1', port: 80 } } }, 'tcp dport 80 dnat ip to 10.0.0.1:80'],
  [
    { when: [{ 'ip6.saddr': 'fe80::1' }, { 'tcp.dport': 80 }], then: { dnat: { addr: 'fe80::5', port: 80 } } },
    'ip6 saddr fe80::1 tcp dport 80 dnat to [fe80::5]:80',
    { when: [{ 'ip6.saddr': 'fe80::1' }, { 'tcp.dport': 80 }], then: { dnat: { family: 'ip6', addr: 'fe80::5', port: 80 } } },
  ],
];

/** All chains with their rules. */
export const SCENES: readonly Scene[] = [
  ...Object.entries(RULES).map(([family, rows]) => ({ family: family as FirewallFamily, rows })),
  { family: 'ip', chain: PREROUTING, rows: DNAT },
  { family: 'ip', chain: POSTROUTING, rows: SNAT },
  { family: 'inet', chain: PREROUTING, rows: BOTH },
  ...WRITES,
  ...OPTIONS,
  ...TUNNELS,
  ...OTHERS,
  ...REDIRECTS,
];
