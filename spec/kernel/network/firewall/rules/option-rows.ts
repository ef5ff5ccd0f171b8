import type { Expression, Selector } from '../../../../../lib/network/firewall/rules/expression.js';
import type { OptionSelector } from '../../../../../lib/network/firewall/rules/fields/field-names.js';
import type { FirewallRule } from '../../../../../lib/network/firewall/rules/firewall-rule.js';
import type { FullMatch, MatchOperator } from '../../../../../lib/network/firewall/rules/match.js';
import type { Scene } from './rule-row.js';

const payload = (protocol: string, field: string): Selector => ({ payload: { protocol, field } });
const option = (kind: OptionSelector, name: string, field?: string): Selector =>
  ({ [kind]: field === undefined ? { name } : { name, field } }) as unknown as Selector;
const match = (left: Expression, right: Expression, op: MatchOperator = '=='): FullMatch => ({ match: { op, left, right } });
const when = (...matches: NonNullable<FirewallRule['when']>): FirewallRule => ({ when: matches, then: [] });

/** Rules that test options and extension headers, by their chains. */
export const OPTIONS: readonly Scene[] = [
  {
    family: 'inet',
    rows: [
      [when(match(option('tcp option', 'window', 'count'), 3)), 'tcp option window count 3'],
      [when(match(option('tcp option', 'sack-perm'), 'exists')), 'tcp option sack-perm exists'],
      [when(match(option('tcp option', 'maxseg', 'size'), '1000-1400')), 'tcp option maxseg size 1000-1400'],
      [when(match(option('tcp option', 'timestamp'), 'exists')), 'tcp option 8 exists'],
      [when(match(option('tcp option', 'mptcp', 'subtype'), 'mp-join')), 'tcp option mptcp subtype 1'],
      [when(match(option('tcp option', 'timestamp', 'tsval'), 5)), 'tcp option timestamp tsval 5'],
      [when(match(option('ip option', 'lsrr'), 'exists')), 'ip option lsrr exists'],
      [when(match(option('ip option', 'rr', 'addr'), '1.1.1.1')), 'ip option rr addr 1.1.1.1'],
      [when(match(option('exthdr', 'frag'), 'exists')), 'exthdr frag exists'],
      [when(match(option('exthdr', 'frag', 'more-fragments'), 1)), 'frag more-fragments 1'],
      [when(match(option('exthdr', 'frag', 'id'), 5)), 'frag id 5'],
      [when(match(option('exthdr', 'rt', 'type'), 0)), 'rt type 0'],
      [when(match(option('exthdr', 'hbh', 'nexthdr'), 'tcp')), 'hbh nexthdr tcp'],
      [when(match(option('exthdr', 'dst', 'hdrlength'), 5)), 'dst hdrlength 5'],
      [when(match(option('exthdr', 'mh', 'type'), 'home-test')), 'mh type home-test'],
      [when(match(option('sctp chunk', 'init'), 'exists')), 'sctp chunk init exists'],
      [when(match(option('sctp chunk', 'data', 'tsn'), 5)), 'sctp chunk data tsn 5'],
      [when(match(option('tcp option', 'sack', 'left'), 5)), 'tcp option sack0 left 5'],
      [when(match({ 'tcp option': { base: 255, offset: 8, len: 8 } }, 5)), 'tcp option @255,8,8 5'],
      [when(match({ 'tcp option': { base: 255, offset: 0, len: 8 } }, 'exists')), 'tcp option 255 exists'],
      [when(match(option('tcp option', 'mptcp'), 'exists')), 'tcp option mptcp exists'],
      [when(match(option('tcp option', 'maxseg', 'size'), { set: [1, '3-5'] })), 'tcp option maxseg size { 1, 3-5 }'],
      [
        when(match({ concat: [option('tcp option', 'maxseg', 'size'), payload('ip', 'saddr')] }, { set: ['5 . 1.1.1.1'] })),
        'tcp option maxseg size . ip saddr { 5 . 1.1.1.1 }',
      ],
      [when(match(option('exthdr', 'frag', 'frag-off'), 5)), 'frag frag-off 5'],
      [when(match(option('exthdr', 'srh', 'tag'), 5)), 'srh tag 5'],
      [when(match(option('exthdr', 'rt', 'seg-left'), 5)), 'rt seg-left 5'],
    ],
  },
];
