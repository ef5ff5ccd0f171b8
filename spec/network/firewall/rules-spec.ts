import { expect } from 'chai';
import { dataType } from '../../../lib/network/firewall/data/data-types.js';
import { compileRule } from '../../../lib/network/firewall/rules/compile-rule.js';
import type { FirewallRule } from '../../../lib/network/firewall/rules/firewall-rule.js';
import { readRule } from '../../../lib/network/firewall/rules/read-rule.js';
import type { CompiledRule, RuleContext, RuleExpression } from '../../../lib/network/firewall/rules/rule-context.js';
import { sameExpressions } from '../../../lib/network/firewall/rules/same-expressions.js';

const context: RuleContext = {
  family: 'inet',
  set: (name) => (name === 'ports' ? { type: dataType('inet_service'), isInterval: false } : undefined),
};

const compile = (rule: FirewallRule): CompiledRule => compileRule(rule, context);
const only = (expression: RuleExpression): CompiledRule => ({ expressions: [expression], sets: [] });

describe('compileRule', () => {
  // The data are those of rows that the kernel returned for rules of nft; the kernel of the other specs may lack these expressions.
  const rows = [
    [{ queue: { num: 3, flags: 'bypass' } }, { name: 'queue', data: { num: 3, total: 1, flags: 1 } }],
    [{ queue: { num: { range: [1, 4] }, flags: ['bypass', 'fanout'] } }, { name: 'queue', data: { num: 1, total: 4, flags: 3 } }],
    ['queue', { name: 'queue', data: { num: 0, total: 1 } }],
    [{ flow: { op: 'add', flowtable: '@f' } }, { name: 'flow_offload', data: { name: 'f' } }],
  ] as const;
  for (const [statement, expression] of rows)
    it(`compiles and reads ${JSON.stringify(statement)}`, () => {
      const compiled = compile({ then: statement });
      expect(compiled).to.deep.equal(only(expression));
      expect(readRule(compiled, undefined, context)).to.deep.equal({ then: statement });
    });

  it('gives packets to the queue that a hash selects', () => {
    const rule: FirewallRule = { then: { queue: { num: { symhash: { mod: 4, offset: 2 } } } } };
    expect(compile(rule).expressions).to.deep.equal([
      { name: 'hash', data: { dreg: 1, modulus: 4, offset: 2, type: 'sym' } },
      { name: 'queue', data: { sregQnum: 1 } },
    ]);
    expect(readRule(compile(rule), 'c', context)).to.deep.equal({ comment: 'c', ...rule });
  });

  it('returns the expressions of a rule in the words of the engine', () => {
    const expressions = [{ name: 'counter', data: { packets: 1n } }] as const;
    expect(compile({ expressions })).to.deep.equal({ expressions, sets: [] });
  });

  it('names anonymous sets by numbers from 1', () => {
    const { expressions, sets } = compile({ when: [{ 'tcp.sport': [1, 2] }, { 'tcp.dport': [3, 4] }], then: [] });
    expect(sets.map(({ id, set }) => [id, set.id, set.name])).to.deep.equal([
      [1, 1, '__set%d'],
      [2, 2, '__set%d'],
    ]);
    const lookups = expressions.filter(({ name }) => name === 'lookup').map(({ data }) => data);
    expect(lookups).to.deep.equal([
      { set: '__set%d', setId: 1, sreg: 1 },
      { set: '__set%d', setId: 2, sreg: 1 },
    ]);
  });
});

describe('sameExpressions', () => {
  const equal: readonly (readonly [title: string, one: CompiledRule, other: CompiledRule])[] = [
    ['the values of a counter', compile({ then: 'counter' }), compile({ then: { counter: { packets: 5, bytes: 6 } } })],
    [
      'the use of a quota',
      compile({ then: { quota: { val: 5, used: 1 } } }),
      only({ name: 'quota', data: { bytes: 5n, consumed: 3n, flags: 2 } }),
    ],
    ['the time of the last packet', only({ name: 'last', data: {} }), only({ name: 'last', data: { set: 1, msecs: 5n } })],
    ['the default level of a log', compile({ then: 'log' }), only({ name: 'log', data: { level: 'warning', flags: 0 } })],
    ['the number of a register', only({ name: 'redir', data: { regProtoMin: 1 } }), only({ name: 'redir', data: { regProtoMin: 8 } })],
    ['the name of a register', only({ name: 'masq', data: { regProtoMin: 1 } }), only({ name: 'masq', data: { regProtoMin: 'reg-1' } })],
    [
      'the upper end of one address, and flags that the kernel adds',
      only({ name: 'nat', data: { type: 'snat', family: 2, regAddrMin: 1 } }),
      only({ name: 'nat', data: { type: 'snat', family: 2, regAddrMin: 1, regAddrMax: 1, flags: 1 } }),
    ],
    [
      'the order of the elements of an anonymous set',
      compile({ when: [{ 'tcp.dport': [1, 2] }], then: [] }),
      compile({ when: [{ 'tcp.dport': [2, 1] }], then: [] }),
    ],
  ];
  for (const [title, one, other] of equal)
    it(`ignores ${title}`, () => {
      expect(sameExpressions(one, other)).to.equal(true);
    });

  const base = { when: [{ 'tcp.dport': 22 }], then: ['counter', 'accept'] } as const;
  const different: readonly (readonly [one: FirewallRule, other: FirewallRule])[] = [
    [base, { ...base, then: ['counter', 'drop'] }],
    [base, { ...base, then: ['accept'] }],
    [base, { ...base, when: [{ 'tcp.dport': 23 }] }],
    [base, { ...base, when: [{ 'tcp.sport': 22 }] }],
    [base, { ...base, when: [{ 'udp.dport': 22 }] }],
    [base, { ...base, when: [{ 'tcp.dport': { not: 22 } }] }],
    [base, { ...base, when: [{ 'tcp.dport': '@ports' }] }],
    [base, { ...base, when: [{ 'tcp.dport': [22, 23] }] }],
    [
      { ...base, when: [{ 'tcp.dport': [22, 24] }] },
      { ...base, when: [{ 'tcp.dport': [22, 23] }] },
    ],
    [
      { ...base, when: [{ 'tcp.dport': ['22-24', 9] }] },
      { ...base, when: [{ 'tcp.dport': ['22-25', 9] }] },
    ],
    [{ then: { jump: 'a' } }, { then: { jump: 'b' } }],
    [{ then: { jump: 'a' } }, { then: { goto: 'a' } }],
    [{ then: { log: { prefix: 'a' } } }, { then: { log: { prefix: 'b' } } }],
    [{ then: { log: { level: 'debug' } } }, { then: 'log' }],
    [{ then: { log: { group: 0 } } }, { then: 'log' }],
    [{ then: { limit: { rate: 1 } } }, { then: { limit: { rate: 2 } } }],
    [{ then: { limit: { rate: 1 } } }, { then: { limit: { rate: 1, per: 'minute' } } }],
    [{ then: { limit: { rate: 1 } } }, { then: { limit: { rate: 1, burst: 6 } } }],
    [{ then: { limit: { rate: 1 } } }, { then: { limit: { rate: 1, inv: true } } }],
    [{ then: { quota: { val: 1 } } }, { then: { quota: { val: 2 } } }],
    [{ then: { quota: { val: 1 } } }, { then: { quota: { val: 1, inv: true } } }],
    [{ then: { counter: 'a' } }, { then: { counter: 'b' } }],
    [{ then: { mark: 1 } }, { then: { mark: 2 } }],
    [{ then: { mark: 1 } }, { then: { 'ct mark': 1 } }],
    [{ then: { dnat: { addr: '1.1.1.1' } } }, { then: { dnat: { addr: '1.1.1.2' } } }],
    [{ then: { dnat: { addr: '1.1.1.1' } } }, { then: { snat: { addr: '1.1.1.1' } } }],
    [{ then: { dnat: { addr: '1.1.1.1' } } }, { then: { dnat: { addr: '1.1.1.1', flags: 'random' } } }],
    [
      { when: [{ 'meta.l4proto': 'tcp' }], then: { dnat: { addr: '1.1.1.1' } } },
      { when: [{ 'meta.l4proto': 'tcp' }], then: { dnat: { addr: '1.1.1.1', port: 1 } } },
    ],
    [{ then: 'masquerade' }, { then: { masquerade: { flags: 'random' } } }],
    [{ then: 'masquerade' }, { then: 'redirect' }],
    [{ then: 'reject' }, { then: { reject: { type: 'icmpx', expr: 'no-route' } } }],
    [{ then: 'queue' }, { then: { queue: { num: 1 } } }],
  ];
  for (const [one, other] of different)
    it(`distinguishes ${JSON.stringify(one)} from ${JSON.stringify(other)}`, () => {
      expect(sameExpressions(compile(one), compile(one))).to.equal(true);
      expect(sameExpressions(compile(one), compile(other))).to.equal(false);
    });
});

describe('readRule', () => {
  it('keeps an expression that it does not know', () => {
    const compiled = only({ name: 'xfrm', data: { dreg: 1, key: 1 } });
    expect(readRule(compiled, undefined, context)).to.deep.equal({ expressions: compiled.expressions });
  });

  it('removes what the kernel reports and does not accept', () => {
    const rows = [
      [
        { name: 'exthdr', data: { sreg: 1, type: 2, flags: 0, op: 'tcpopt' } },
        { name: 'exthdr', data: { sreg: 1, type: 2, op: 'tcpopt' } },
      ],
      [
        { name: 'osf', data: { dreg: 1, ttl: 0, flags: 0 } },
        { name: 'osf', data: { dreg: 1, ttl: 0 } },
      ],
    ] as const;
    for (const [reported, written] of rows) expect(readRule(only(reported), undefined, context)).to.deep.equal({ expressions: [written] });
  });

  it('keeps the rules of other programs that nft rejects as expressions', () => {
    const accept = { name: 'immediate', data: { dreg: 0, data: { verdict: { code: 'accept' } } } } as const;
    const port = { name: 'immediate', data: { dreg: 1, data: { value: Buffer.from([0, 80]) } } } as const;
    const redirect = { name: 'redir', data: { regProtoMin: 1, flags: 2 } } as const;
    for (const expressions of [
      [accept, { name: 'counter', data: {} }],
      [port, redirect],
    ] as const) {
      const rule = readRule({ expressions, sets: [] }, undefined, context);
      expect(rule).to.have.property('expressions');
      expect(compileRule(rule, context).expressions).to.have.length(2);
    }
  });

  it('reads a set that is not there as expressions', () => {
    const { expressions } = compile({ when: [{ 'tcp.dport': '@ports' }], then: [] });
    expect(readRule({ expressions, sets: [] }, undefined, { ...context, set: () => undefined })).to.deep.equal({ expressions });
  });
});
