import type { Expression, Selector, SetItem } from '../../../../../lib/network/firewall/rules/expression.js';
import type { OptionSelector } from '../../../../../lib/network/firewall/rules/fields/field-names.js';
import type { RawBase } from '../../../../../lib/network/firewall/rules/fields/field-names.js';
import type { Statement } from '../../../../../lib/network/firewall/rules/statement.js';
import type { Scene } from './rule-row.js';

const payload = (protocol: string, field: string): Selector => ({ payload: { protocol, field } });
const raw = (base: RawBase, offset: number, len: number): Selector => ({ payload: { base, offset, len } });
const meta = (key: string): Selector => ({ meta: { key } });
const ct = (key: string): Selector => ({ ct: { key } });
const option = (kind: OptionSelector, name: string, field?: string): Selector =>
  ({ [kind]: field === undefined ? { name } : { name, field } }) as unknown as Selector;
const write = (key: Selector, value: Expression): Statement => ({ mangle: { key, value } });
const mapOf = (key: Expression, items: readonly SetItem[]): { readonly map: { readonly key: Expression; readonly data: Expression } } => ({
  map: { key, data: { set: items } },
});

/** Rules that write into packets and connections, by their chains. */
export const WRITES: readonly Scene[] = [
  {
    family: 'inet',
    rows: [
      [{ then: write(payload('ip', 'dscp'), 'cs3') }, 'ip dscp set cs3'],
      [{ then: write(payload('ip', 'ttl'), 64) }, 'ip ttl set 64'],
      [{ then: write(payload('tcp', 'dport'), 81) }, 'tcp dport set 81'],
      [{ then: write(payload('ip', 'ecn'), 'ce') }, 'ip ecn set ce'],
      [{ then: write(payload('ip', 'daddr'), '10.0.0.1') }, 'ip daddr set 10.0.0.1'],
      [{ then: write(payload('ip6', 'hoplimit'), 9) }, 'ip6 hoplimit set 9'],
      [{ then: write(payload('ip6', 'dscp'), 'ef') }, 'ip6 dscp set ef'],
      [{ then: write(payload('ip6', 'flowlabel'), 5) }, 'ip6 flowlabel set 5'],
      [{ then: write(payload('ip', 'dscp'), { '|': [payload('ip', 'dscp'), 3] }) }, 'ip dscp set ip dscp or 0x3'],
      [{ then: write(payload('tcp', 'dport'), payload('tcp', 'sport')) }, 'tcp dport set tcp sport'],
      [{ then: write(payload('udp', 'dport'), 5) }, 'udp dport set 5'],
      [{ then: write(payload('udp', 'checksum'), 0) }, 'udp checksum set 0'],
      [{ then: write(payload('ether', 'saddr'), '00:11:22:33:44:55') }, 'ether saddr set 00:11:22:33:44:55'],
      [{ then: write(payload('tcp', 'flags'), 'syn') }, 'tcp flags set syn'],
      [{ then: write(payload('ip', 'version'), 4) }, 'ip version set 4'],
      [{ then: write(payload('th', 'dport'), 5) }, '@th,16,16 set 5'],
      [{ then: write(raw('th', 20, 4), 3) }, '@th,20,4 set 3'],
      [{ then: { reset: { 'tcp option': { name: 'sack-perm' } } } }, 'reset tcp option sack-perm'],
      [{ then: write(option('tcp option', 'timestamp', 'tsval'), 5) }, 'tcp option timestamp tsval set 5'],
      [
        {
          then: {
            mark: { jhash: { mod: 4, seed: 3735928559, offset: 1, expr: { concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] } } },
          },
        },
        'meta mark set jhash ip saddr . tcp dport mod 4 seed 0xdeadbeef offset 1',
      ],
      [{ then: { mark: { jhash: { mod: 4, expr: payload('ip', 'saddr') } } } }, 'meta mark set jhash ip saddr mod 4'],
      [{ then: write(ct('event'), 'new,destroy') }, 'ct event set new,destroy'],
      [{ then: write(ct('label'), 5) }, 'ct label set 5'],
      [{ then: write(meta('secmark'), ct('secmark')) }, 'meta secmark set ct secmark'],
      [{ then: write(payload('udplite', 'dport'), 5) }, 'udplite dport set 5'],
      [{ then: write(payload('sctp', 'dport'), 5) }, 'sctp dport set 5'],
      [{ then: write(payload('dccp', 'sport'), 5) }, 'dccp sport set 5'],
      [{ then: write(payload('icmp', 'code'), 5) }, 'icmp code set 5'],
      [{ then: write(payload('icmp', 'type'), 'echo-reply') }, 'icmp type set echo-reply'],
      [{ then: write(payload('icmpv6', 'code'), 5) }, 'icmpv6 code set 5'],
      [{ then: write(payload('igmp', 'mrt'), 5) }, 'igmp mrt set 5'],
      [{ then: write(payload('ah', 'spi'), 5) }, 'ah spi set 5'],
      [{ then: write(payload('ip6', 'daddr'), 'fe80::1') }, 'ip6 daddr set fe80::1'],
      [{ then: write(payload('ip', 'saddr'), payload('ip', 'daddr')) }, 'ip saddr set ip daddr'],
      [{ then: write(payload('ip', 'length'), 5) }, 'ip length set 5'],
      [{ then: write(payload('ip', 'id'), 5) }, 'ip id set 5'],
      [{ then: write(payload('ip', 'frag-off'), 5) }, 'ip frag-off set 5'],
      [{ then: write(payload('ip', 'checksum'), 5) }, 'ip checksum set 5'],
      [{ then: write(payload('ip6', 'length'), 5) }, 'ip6 length set 5'],
      [{ then: write(payload('ip6', 'version'), 6) }, 'ip6 version set 6'],
      [{ then: write(payload('ip', 'hdrlength'), 5) }, 'ip hdrlength set 5'],
      [{ then: write(payload('tcp', 'doff'), 5) }, 'tcp doff set 5'],
      [{ then: write(payload('tcp', 'window'), 5) }, 'tcp window set 5'],
      [{ then: write(payload('tcp', 'checksum'), 5) }, 'tcp checksum set 5'],
      [{ then: write(payload('tcp', 'sequence'), 5) }, 'tcp sequence set 5'],
      [
        { then: write(payload('ip', 'daddr'), mapOf(payload('ip', 'saddr'), [['1.1.1.1', '2.2.2.2']])) },
        'ip daddr set ip saddr map { 1.1.1.1 : 2.2.2.2 }',
      ],
      [{ then: write(payload('tcp', 'dport'), mapOf(payload('tcp', 'dport'), [[80, 8080]])) }, 'tcp dport set tcp dport map { 80 : 8080 }'],
      [{ then: write(payload('vlan', 'pcp'), 3) }, 'vlan pcp set 3'],
      [{ then: write(raw('nh', 8, 8), 3) }, '@nh,8,8 set 3'],
      [{ then: write(raw('nh', 16, 16), 3) }, '@nh,16,16 set 3'],
      [{ then: write(raw('th', 0, 32), 5) }, '@th,0,32 set 5'],
      [{ then: write(raw('ll', 0, 48), 5) }, '@ll,0,48 set 5'],
      [{ when: [{ 'meta.l4proto': 'tcp' }], then: write(raw('th', 16, 16), 5) }, 'meta l4proto tcp @th,16,16 set 5'],
      [{ when: [{ 'ip.saddr': '1.1.1.1' }], then: write(raw('nh', 128, 32), 5) }, 'ip saddr 1.1.1.1 @nh,128,32 set 5'],
      [{ then: { mark: raw('nh', 96, 32) } }, 'meta mark set @nh,96,32'],
      [{ then: { mark: raw('nh', 100, 4) } }, 'meta mark set @nh,100,4'],
      [{ then: { mark: payload('tcp', 'dport') } }, 'meta mark set tcp dport'],
      [{ then: { 'ct mark': payload('ip', 'saddr') } }, 'ct mark set ip saddr'],
      [{ then: { mark: payload('ip6', 'flowlabel') } }, 'meta mark set ip6 flowlabel'],
      [{ then: { mark: payload('vlan', 'id') } }, 'meta mark set vlan id'],
      [{ then: { mark: meta('random') } }, 'meta mark set meta random'],
      [{ then: { mark: { jhash: { mod: 4, expr: payload('tcp', 'dport') } } } }, 'meta mark set jhash tcp dport mod 4'],
      [{ then: { mark: { jhash: { mod: 4, expr: payload('ip', 'dscp') } } } }, 'meta mark set jhash ip dscp mod 4'],
      [
        { then: { mark: { jhash: { mod: 4, expr: { concat: [payload('ip6', 'saddr'), payload('ip6', 'daddr')] } } } } },
        'meta mark set jhash ip6 saddr . ip6 daddr mod 4',
      ],
      [{ then: { mark: { jhash: { mod: 4, expr: meta('iifname') } } } }, 'meta mark set jhash iifname mod 4'],
      [
        { when: [{ 'ip.saddr': '1.1.1.1' }], then: [write(payload('ip', 'dscp'), 'cs1'), write(payload('tcp', 'dport'), 5)] },
        'ip saddr 1.1.1.1 ip dscp set cs1 tcp dport set 5',
      ],
    ],
  },
  {
    family: 'bridge',
    rows: [
      [{ then: write(payload('ether', 'daddr'), '00:11:22:33:44:55') }, 'ether daddr set 00:11:22:33:44:55'],
      [{ then: write(payload('vlan', 'id'), 5) }, 'vlan id set 5'],
      [{ then: write(payload('vlan', 'pcp'), 3) }, 'vlan pcp set 3'],
      [
        { when: [{ 'ether.saddr': '00:11:22:33:44:55' }], then: write(payload('ether', 'daddr'), '00:11:22:33:44:56') },
        'ether saddr 00:11:22:33:44:55 ether daddr set 00:11:22:33:44:56',
      ],
      [{ then: write(payload('vlan', 'dei'), 1) }, 'vlan dei set 1'],
    ],
  },
  {
    family: 'netdev',
    rows: [[{ then: write(payload('ether', 'saddr'), '00:11:22:33:44:55') }, 'ether saddr set 00:11:22:33:44:55']],
  },
  {
    family: 'arp',
    rows: [
      [{ then: write(payload('arp', 'operation'), 'reply') }, 'arp operation set reply'],
      [{ then: write(payload('arp', 'saddr ip'), '1.1.1.1') }, 'arp saddr ip set 1.1.1.1'],
      [{ then: write(payload('arp', 'htype'), 1) }, 'arp htype set 1'],
      [{ then: write(payload('arp', 'hlen'), 1) }, 'arp hlen set 1'],
    ],
  },
];
