import { expect } from 'chai';
import { FieldError } from '../../../lib/network/common/field-error.js';
import type { Firewall } from '../../../lib/network/firewall/firewall.js';
import { checkFirewall, planFirewall } from '../../../lib/network/firewall/plan/plan-firewall.js';
import type { FirewallState } from '../../../lib/network/firewall/state/firewall-state.js';

/** Returns the path and the reason of the error of a document. */
function errorOf(...tables: readonly unknown[]): readonly [path: string, reason: string] {
  try {
    planFirewall({ tables } as Firewall, { generation: 1, tables: [] });
  } catch (error) {
    if (error instanceof FieldError) return [error.path, error.reason];
    throw error;
  }
  throw new Error('the document is valid');
}

const table = (contents: object): object => ({ family: 'ip', name: 't', ...contents });

const CASES: readonly (readonly [title: string, tables: readonly unknown[], path: string, reason?: string])[] = [
  ['an unknown family', [{ family: 'ipv4', name: 't' }], 'tables[0].family'],
  ['a missing name', [{ family: 'ip' }], 'tables[0].name'],
  ['an unknown property', [table({ chain: [] })], 'tables[0].chain'],
  ['two tables of one name', [table({}), table({})], 'tables[1]'],
  ['an absent table with contents', [table({ absent: true, chains: [] })], 'tables[0].chains'],
  ['two chains of one name', [table({ chains: [{ name: 'c' }, { name: 'c' }] })], 'tables[0].chains[1]'],
  [
    'a set and a map of one name',
    [table({ sets: [{ name: 's', type: 'mark' }], maps: [{ name: 's', type: 'mark', data: 'verdict' }] })],
    'tables[0].maps[0]',
  ],
  ['a policy of a regular chain', [table({ chains: [{ name: 'c', policy: 'drop' }] })], 'tables[0].chains[0].policy'],
  ['a hook of another family', [table({ chains: [{ name: 'c', hook: 'egress' }] })], 'tables[0].chains[0].hook'],
  [
    'a hook of links without one',
    [{ family: 'netdev', name: 't', chains: [{ name: 'c', hook: 'ingress' }] }],
    'tables[0].chains[0].device',
  ],
  ['a hook that chains of type nat lack', [table({ chains: [{ name: 'c', type: 'nat', hook: 'forward' }] })], 'tables[0].chains[0].hook'],
  ['a hook that chains of type route lack', [table({ chains: [{ name: 'c', type: 'route', hook: 'input' }] })], 'tables[0].chains[0].hook'],
  [
    'a priority that chains of type nat lack',
    [table({ chains: [{ name: 'c', type: 'nat', hook: 'prerouting', priority: 'raw' }] })],
    'tables[0].chains[0].priority',
  ],
  [
    'a rejection behind the routing',
    [table({ chains: [{ name: 'c', hook: 'postrouting', rules: [{ then: ['counter', 'reject'] }] }] })],
    'tables[0].chains[0].rules[0].then[1]',
  ],
  [
    'a flowtable for packets to the host',
    [table({ chains: [{ name: 'c', hook: 'input', rules: [{ then: { flow: { op: 'add', flowtable: '@f' } } }] }] })],
    'tables[0].chains[0].rules[0].then',
  ],
  ['an unknown priority', [table({ chains: [{ name: 'c', hook: 'input', priority: 'filtre' }] })], 'tables[0].chains[0].priority'],
  [
    'two rules of one comment in a chain',
    [
      table({
        chains: [
          {
            name: 'c',
            rules: [
              { comment: 'a', then: 'accept' },
              { comment: 'a', then: 'drop' },
            ],
          },
        ],
      }),
    ],
    'tables[0].chains[0].rules[1].comment',
  ],
  [
    'a wrong value in a rule',
    [table({ chains: [{ name: 'c', rules: [{ when: [{ 'tcp.dport': 70_000 }], then: 'accept' }] }] })],
    'tables[0].chains[0].rules[0].when[0].tcp.dport',
  ],
  ['a name of a set that the kernel changes', [table({ sets: [{ name: 'x%d', type: 'mark' }] })], 'tables[0].sets[0].name'],
  [
    'more elements than a set holds',
    [table({ sets: [{ name: 's', type: 'mark', size: 2, elements: [1, 2, 3] }] })],
    'tables[0].sets[0].elements',
  ],
  ['an unknown type of a set', [table({ sets: [{ name: 's', type: 'ipv4' }] })], 'tables[0].sets[0].type'],
  [
    'a range in a set without intervals',
    [table({ sets: [{ name: 's', type: 'inet_service', elements: ['1-2'] }] })],
    'tables[0].sets[0].elements[0]',
  ],
  ['an element twice', [table({ sets: [{ name: 's', type: 'inet_service', elements: [1, 2, 1] }] })], 'tables[0].sets[0].elements[2]'],
  [
    'intervals that overlap',
    [table({ sets: [{ name: 's', type: 'ipv4_addr', flags: ['interval'], elements: ['10.1.0.0/16', '10.0.0.0/8'] }] })],
    'tables[0].sets[0].elements[1]',
  ],
  [
    'a time of an element in a set without times',
    [table({ sets: [{ name: 's', type: 'mark', elements: [{ value: 1, timeout: '1s' }] }] })],
    'tables[0].sets[0].elements[0].timeout',
  ],
  [
    'elements of a set to which packets add',
    [table({ sets: [{ name: 's', type: 'mark', flags: ['dynamic'], elements: [1] }] })],
    'tables[0].sets[0].elements',
    'unsupported',
  ],
  [
    'a small set that saves memory',
    [table({ sets: [{ name: 's', type: 'mark', size: 5, policy: 'memory' }] })],
    'tables[0].sets[0].policy',
    'unsupported',
  ],
  [
    'a jump to a chain that is missing',
    [table({ chains: [{ name: 'c', rules: [{ when: [{ 'tcp.dport': 22 }], then: ['counter', { jump: 'mroe' }] }] }, { name: 'more' }] })],
    'tables[0].chains[0].rules[0].then[1].jump',
    'unknown-name',
  ],
  [
    'a jump to a missing chain in a map of a rule',
    [
      table({
        chains: [
          {
            name: 'c',
            rules: [{ then: { vmap: { key: { payload: { protocol: 'tcp', field: 'dport' } }, data: { set: [[22, { jump: 'd' }]] } } } }],
          },
        ],
      }),
    ],
    'tables[0].chains[0].rules[0].then.vmap.data.set[0][1].jump',
    'unknown-name',
  ],
  [
    'a jump of the engine to a missing chain',
    [
      table({
        chains: [
          {
            name: 'c',
            rules: [{ expressions: [{ name: 'immediate', data: { dreg: 0, data: { verdict: { code: 'jump', chain: 'd' } } } }] }],
          },
        ],
      }),
    ],
    'tables[0].chains[0].rules[0].expressions[0].data.data.verdict.chain',
    'unknown-name',
  ],
  [
    'a counter that is missing',
    [table({ counters: [{ name: 'b' }], chains: [{ name: 'c', rules: [{ then: [{ counter: 'a' }, 'accept'] }] }] })],
    'tables[0].chains[0].rules[0].then[0].counter',
    'unknown-name',
  ],
  [
    'a flowtable that is missing',
    [table({ chains: [{ name: 'c', rules: [{ then: { flow: { op: 'add', flowtable: '@f' } } }] }] })],
    'tables[0].chains[0].rules[0].then.flow.flowtable',
    'unknown-name',
  ],
  [
    'an element of a map that jumps to a missing chain',
    [table({ maps: [{ name: 'm', type: 'inet_service', data: 'verdict', elements: [{ value: 22, data: { goto: 'd' } }] }] })],
    'tables[0].maps[0].elements[0].data.goto',
    'unknown-name',
  ],
  [
    'an element of a map that names a missing counter',
    [table({ maps: [{ name: 'm', type: 'inet_service', data: 'counter', elements: [{ value: 22, data: 'd' }] }] })],
    'tables[0].maps[0].elements[0].data',
    'unknown-name',
  ],
  ['a map without data', [table({ maps: [{ name: 's', type: 'mark' }] })], 'tables[0].maps[0].data'],
  [
    'data of a set',
    [table({ sets: [{ name: 's', type: 'mark', elements: [{ value: 1, data: 'drop' }] }] })],
    'tables[0].sets[0].elements[0].data',
  ],
];

/** The translations of addresses, and the hooks at which the kernel 6.18 accepted them in chains of type nat. */
const TRANSLATIONS: readonly (readonly [name: string, statement: unknown, hooks: readonly string[]])[] = [
  ['masquerade', { masquerade: null }, ['postrouting']],
  ['snat', { snat: { addr: '192.0.2.1' } }, ['postrouting', 'input']],
  ['dnat', { dnat: { addr: '192.0.2.1' } }, ['prerouting', 'output']],
  ['redirect', { redirect: { port: 80 } }, ['prerouting', 'output']],
];

describe('documents of a firewall', () => {
  for (const [name, statement, hooks] of TRANSLATIONS) {
    const plan = (chain: object, then: unknown = ['counter', statement]): unknown =>
      planFirewall(
        { tables: [table({ chains: [{ name: 'c', ...chain, rules: [{ when: [{ 'meta.l4proto': 'tcp' }], then }] }] })] } as Firewall,
        {
          generation: 1,
          tables: [],
        },
      );
    for (const hook of ['prerouting', 'input', 'output', 'postrouting'])
      it(`${hooks.includes(hook) ? 'accept' : 'reject'} ${name} in a chain of type nat with the hook ${hook}`, () => {
        if (hooks.includes(hook)) expect(() => plan({ type: 'nat', hook })).not.to.throw();
        else
          expect(() => plan({ type: 'nat', hook })).to.throw(FieldError, `needs a chain of type nat with the hook ${hooks.join(' or ')}`);
      });

    it(`accept ${name} in a regular chain, and reject it in one of type filter`, () => {
      expect(() => plan({})).not.to.throw();
      const rules = [{ then: ['counter', statement] }];
      const chain = { name: 'c', hook: hooks[0], rules };
      expect(errorOf(table({ chains: [chain] }))).to.deep.equal(['tables[0].chains[0].rules[0].then[1]', 'invalid']);
      expect(errorOf(table({ chains: [{ ...chain, rules: [{ then: statement }] }] }))[0]).to.equal('tables[0].chains[0].rules[0].then');
    });
  }

  it('may name a set whose types are not known, which is left alone', () => {
    const rule = { expressions: [{ name: 'lookup', data: { set: 's', sreg: 'reg32-00' } }] };
    const wanted = table({ chains: [{ name: 'c', rules: [rule] }] });
    // A data type that no version of nft has.
    const row = { nfgenFamily: 2, table: 't', name: 's', keyType: 63, keyLen: 4 };
    const found = { family: 'ip', name: 't', row: { nfgenFamily: 2, name: 't' }, chains: [], objects: [], flowtables: [] };
    const state = (sets: readonly unknown[]): FirewallState => ({ generation: 1, tables: [{ ...found, sets }] }) as never;
    const plan = (sets: readonly unknown[]): unknown => planFirewall({ tables: [wanted] } as Firewall, state(sets)).differences.length;
    expect(plan([{ row, elements: [] }])).to.equal(2);
    expect(() => plan([])).to.throw(FieldError, "the table has no set 's'");
    // Before the table of the kernel is read, nothing is known of its sets.
    expect(() => checkFirewall({ tables: [wanted] } as Firewall)).not.to.throw();
  });

  for (const [title, tables, path, reason = 'invalid'] of CASES)
    it(`are rejected for ${title}`, () => {
      expect(errorOf(...tables)).to.deep.equal([path, reason]);
    });
});
