import { expect } from 'chai';
import { FieldError } from '../../../../lib/network/common/field-error.js';
import type { FirewallChain, FirewallHook, FirewallTable, Flowtable } from '../../../../lib/network/firewall/firewall.js';
import { planFirewall } from '../../../../lib/network/firewall/plan/plan-firewall.js';
import type { FirewallFamily } from '../../../../lib/network/firewall/rules/rule-context.js';
import type { Match } from '../../../../lib/network/firewall/rules/match.js';
import type { Statement } from '../../../../lib/network/firewall/rules/statement.js';
import { useFirewall } from './firewall.js';

type Row = readonly [text: string, statement: Statement, chain?: string];

const FILTER = 'type filter hook prerouting priority 0;';
const NAT = 'type nat hook prerouting priority -100;';
const SNAT = 'type nat hook postrouting priority 100;';
const saddr = { payload: { protocol: 'ip', field: 'saddr' } };

/** Statements, of which some end a rule. */
const STATEMENTS: readonly Row[] = [
  ['accept', 'accept'],
  ['drop', 'drop'],
  ['continue', 'continue'],
  ['return', 'return'],
  ['jump x', { jump: 'x' }],
  ['goto x', { goto: { target: 'x' } }],
  ['reject', 'reject'],
  ['queue', 'queue'],
  ['log', 'log'],
  ['limit rate 5/second', { limit: { rate: 5, per: 'second' } }],
  ['meta mark set 1', { mark: 1 }],
  ['notrack', 'notrack'],
  ['ip saddr vmap { 10.0.0.1 : accept }', { vmap: { key: saddr, data: { set: [['10.0.0.1', 'accept']] } } }],
  ['tproxy to :50080', { tproxy: { port: 50_080 } }],
  ['dup to 10.0.0.1', { dup: { addr: '10.0.0.1' } }],
  ['synproxy mss 1460', { synproxy: { mss: 1460 } }, 'type filter hook input priority 0;'],
  ['dnat to 10.0.0.1', { dnat: { addr: '10.0.0.1' } }, NAT],
  ['redirect', 'redirect', NAT],
  ['snat to 10.0.0.1', { snat: { addr: '10.0.0.1' } }, SNAT],
  ['masquerade', 'masquerade', SNAT],
];

/** Conditions, of which some leave packets of certain protocols with ports. */
const CONDITIONS: readonly (readonly [text: string, when: readonly Match[]])[] = [
  ['', []],
  ['ip saddr 10.0.0.1', [{ 'ip.saddr': '10.0.0.1' }]],
  ['meta l4proto tcp', [{ 'meta.l4proto': 'tcp' }]],
  ['meta l4proto 200', [{ 'meta.l4proto': 200 }]],
  ['meta l4proto { tcp, udp }', [{ 'meta.l4proto': ['tcp', 'udp'] }]],
  ['meta l4proto @protocols', [{ 'meta.l4proto': '@protocols' }]],
  ['meta l4proto != tcp', [{ 'meta.l4proto': { not: 'tcp' } }]],
  ['meta l4proto != { tcp, udp }', [{ 'meta.l4proto': { not: ['tcp', 'udp'] } }]],
  ['meta l4proto 6-17', [{ 'meta.l4proto': '6-17' }]],
  ['meta l4proto { 6-17 }', [{ 'meta.l4proto': ['6-17'] }]],
  ['meta l4proto > 5', [{ match: { op: '>', left: { meta: { key: 'l4proto' } }, right: 5 } }]],
  ['meta l4proto & 6 == 6', [{ match: { op: '==', left: { '&': [{ meta: { key: 'l4proto' } }, 6] }, right: 6 } }]],
  ['ip protocol tcp', [{ 'ip.protocol': 'tcp' }]],
  ['ip protocol { tcp, udp }', [{ 'ip.protocol': ['tcp', 'udp'] }]],
  ['ct protocol tcp', [{ 'ct.protocol': 'tcp' }]],
  ['ct protocol { tcp, udp }', [{ 'ct.protocol': ['tcp', 'udp'] }]],
  ['tcp dport 80', [{ 'tcp.dport': 80 }]],
  ['tcp dport != 80', [{ 'tcp.dport': { not: 80 } }]],
  ['udp dport { 53, 5353 }', [{ 'udp.dport': [53, 5353] }]],
  ['sctp dport 80', [{ 'sctp.dport': 80 }]],
  ['th dport 53', [{ 'th.dport': 53 }]],
  ['meta l4proto { tcp, udp } th dport 53', [{ 'meta.l4proto': ['tcp', 'udp'] }, { 'th.dport': 53 }]],
  ['@th,16,16 80', [{ '@th,16,16': 80 }]],
];

/** Statements with ports. */
const PORTS: readonly Row[] = [
  ['dnat to 10.0.0.1:80', { dnat: { addr: '10.0.0.1', port: 80 } }, NAT],
  ['redirect to :80', { redirect: { port: 80 } }, NAT],
  ['snat to 10.0.0.1:80', { snat: { addr: '10.0.0.1', port: 80 } }, SNAT],
  ['masquerade to :1024-2000', { masquerade: { port: '1024-2000' } }, SNAT],
  ['tproxy to :50080', { tproxy: { port: 50_080 } }, FILTER],
  ['tproxy to 127.0.0.1', { tproxy: { addr: '127.0.0.1' } }, FILTER],
  [
    'dnat to ip saddr map { 10.0.0.1 : 10.0.0.2 . 80 }',
    { dnat: { addr: { map: { key: saddr, data: { set: [['10.0.0.1', { concat: ['10.0.0.2', 80] }]] } } } } },
    NAT,
  ],
  ['dnat to 10.0.0.1', { dnat: { addr: '10.0.0.1' } }, NAT],
  ['masquerade', 'masquerade', SNAT],
];

const NAMES = ['raw', 'mangle', 'dstnat', 'filter', 'security', 'srcnat', 'out'] as const;
const HOOKS: Readonly<Partial<Record<FirewallFamily, readonly FirewallHook[]>>> = {
  ip: ['prerouting', 'input', 'forward', 'output', 'postrouting'],
  ip6: ['prerouting', 'input', 'forward', 'output', 'postrouting'],
  inet: ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress'],
  arp: ['input', 'output'],
  bridge: ['prerouting', 'input', 'forward', 'output', 'postrouting'],
  netdev: ['ingress', 'egress'],
};

const isBound = (hook: FirewallHook): boolean => hook === 'ingress' || hook === 'egress';

/** The texts with which `nft` rejects a rule before the kernel sees it. */
const REJECTIONS = /terminal statement has no effect|transport protocol match|conflicting|invalid priority/;

describe('documents of a firewall, beside what nft rejects', () => {
  const firewall = useFirewall();

  /** Returns true if `nft` accepts a rule set, or leaves its fault to the kernel. */
  function accepts(text: string): boolean {
    try {
      firewall().load(text);
    } catch (error) {
      return !REJECTIONS.test(String(error));
    }
    firewall().namespace.run('nft', 'flush', 'ruleset');
    return true;
  }

  /** Returns the path of what a document has wrong; undefined if it is valid. */
  function wrongIn(table: Partial<FirewallTable>): string | undefined {
    try {
      planFirewall({ tables: [{ family: 'ip', name: 't', ...table }] }, { generation: 1, tables: [] });
    } catch (error) {
      if (error instanceof FieldError) return error.path;
      throw error;
    }
    return undefined;
  }

  const chainOf = (declaration: string): FirewallChain => {
    const [, type, hook, priority] = /type (\w+) hook (\w+) priority (-?\d+)/.exec(declaration)!;
    return { name: 'c', type: type as 'filter', hook: hook as FirewallHook, priority: Number(priority) };
  };
  const wrongRule = (declaration: string, when: readonly Match[], then: readonly Statement[]): string | undefined =>
    wrongIn({
      sets: [{ name: 'protocols', type: 'inet_proto', elements: ['tcp'] }],
      chains: [{ name: 'x' }, { ...chainOf(declaration), rules: [{ when, then }] }],
    });
  const ruleSet = (declaration: string, rule: string): string =>
    `table ip t { set protocols { type inet_proto; elements = { tcp }; }; chain x { }; chain c { ${declaration} ${rule}; }; }`;

  for (const [text, statement, chain = FILTER] of STATEMENTS)
    it(`agree with nft about a statement behind ${text}`, () => {
      const isAccepted = accepts(ruleSet(chain, `meta l4proto tcp ${text} counter`));
      const wrong = wrongRule(chain, [{ 'meta.l4proto': 'tcp' }], [statement, 'counter']);
      expect(wrong).to.equal(isAccepted ? undefined : 'tables[0].chains[1].rules[0].then[1]');
    });

  for (const [text, statement, chain = FILTER] of PORTS)
    it(`agree with nft about the conditions before ${text}`, () => {
      // The first statement has all conditions, the others have some.
      const conditions = CONDITIONS.filter((_, index) => text === PORTS[0]![0] || index % 6 === 0);
      const answers = conditions.map(([condition, when]) => [
        condition,
        accepts(ruleSet(chain, `${condition} ${text}`)),
        wrongRule(chain, when, [statement]) === undefined,
      ]);
      expect(answers.map(([condition, , isValid]) => [condition, isValid])).to.deep.equal(
        answers.map(([condition, isAccepted]) => [condition, isAccepted]),
      );
    });

  it('agree with nft about the names of priorities at each hook', () => {
    const rows = Object.entries(HOOKS).flatMap(([family, hooks]) =>
      hooks.flatMap((hook) => NAMES.map((name) => ({ family, hook, priority: hook === 'input' ? `${name} + 5` : name }) as const)),
    );
    const answers = rows.map(({ family, hook, priority }) => {
      const bound = isBound(hook) ? 'device lo' : '';
      const chain: FirewallChain = { name: 'c', hook, priority, ...(bound !== '' && { device: 'lo' }) };
      const isAccepted = accepts(`table ${family} t { chain c { type filter hook ${hook} ${bound} priority ${priority}; }; }`);
      const wrong = wrongIn({ family: family as FirewallFamily, chains: [chain] });
      expect(wrong).to.be.oneOf([undefined, 'tables[0].chains[0].priority']);
      return [`${family} ${hook} ${priority}`, isAccepted, wrong === undefined] as const;
    });
    expect(answers.filter(([, isAccepted, isValid]) => isAccepted !== isValid)).to.deep.equal([]);
  });

  it('agree with nft about the names of priorities of flowtables', () => {
    const answers = NAMES.map((name) => {
      const flowtable: Flowtable = { name: 'f', priority: name, devices: ['lo'] };
      const isAccepted = accepts(`table ip t { flowtable f { hook ingress priority ${name}; devices = { lo }; }; }`);
      return [name, isAccepted, wrongIn({ flowtables: [flowtable] }) === undefined] as const;
    });
    expect(answers.filter(([, isAccepted, isValid]) => isAccepted !== isValid)).to.deep.equal([]);
  });

  it('export the priorities of chains in the words of nft', async () => {
    for (const [family, hooks] of Object.entries(HOOKS)) {
      const chains = hooks.flatMap((hook) =>
        [-300, -150, -100, 50, 100, 300].map((priority, index) => {
          const bound = isBound(hook) ? 'device lo' : '';
          return `chain ${hook}${index} { type filter hook ${hook} ${bound} priority ${priority}; };`;
        }),
      );
      firewall().load(`table ${family} t { ${chains.join(' ')} }`);
      const printed = [
        ...firewall()
          .print()
          .matchAll(/chain (\w+) \{\s+type .* priority ([^;]+);/g),
      ].map(([, name, text]) => [name, text]);
      const described = await firewall().describe();
      const exported = described[0]!.chains!.map(({ name, priority }) => [name, String(priority)]);
      expect(exported).to.have.length(chains.length);
      expect(exported).to.deep.equal(printed);
      expect(await firewall().plan(...described)).to.deep.equal([]);
      firewall().namespace.run('nft', 'flush', 'ruleset');
    }
  });
});
