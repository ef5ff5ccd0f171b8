import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { NfProtocol, TableFlags } from '../../../../lib/families/nftables.js';
import { isKernelError } from '../../../../lib/index.js';
import type { FirewallTable } from '../../../../lib/network/firewall/firewall.js';
import { skipBecause } from '../../../support/namespace.js';
import { useFirewall } from './firewall.js';

const table = (contents: Partial<FirewallTable>): FirewallTable => ({ family: 'ip', name: 'app', ...contents });

/** Statements whose chains the kernel checks, in the words of `nft` and of documents, and the families of their tables. */
const STATEMENTS = [
  ['reject', 'reject', ['ip', 'inet', 'bridge', 'netdev']],
  ['synproxy mss 1460 wscale 7 timestamp sack-perm', { synproxy: { mss: 1460, wscale: 7, flags: ['timestamp', 'sack-perm'] } }, ['ip']],
  ['tproxy to :50080', { tproxy: { port: 50_080 } }, ['ip']],
] as const;

const HOOKS = {
  ip: ['prerouting', 'input', 'forward', 'output', 'postrouting'],
  inet: ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress'],
  bridge: ['prerouting', 'input', 'forward', 'output', 'postrouting'],
  netdev: ['ingress', 'egress'],
} as const;

/** Facts of the kernel that a simple translation of documents gets wrong. */
describe('planFirewall, as the kernel behaves', () => {
  const firewall = useFirewall();

  /** Applies a document; its second plan must be empty. */
  async function applied(...tables: readonly FirewallTable[]): Promise<string> {
    await firewall().apply(...tables);
    expect(await firewall().plan(...tables)).to.deep.equal([]);
    return firewall().print();
  }
  const failureOf = async (wanted: FirewallTable): Promise<unknown> =>
    await firewall()
      .apply(wanted)
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );

  it('writes the longest names and comments, and rejects longer ones', async () => {
    const [name, comment] = ['n'.repeat(255), 'c'.repeat(128)];
    const rule = { comment, then: 'accept' } as const;
    const printed = await applied(table({ name, comment, chains: [{ name, comment, rules: [rule] }], counters: [{ name, comment }] }));
    expect(printed.split(comment)).to.have.length(5);
    expect(printed).to.contain(`chain ${name} {`);
    expect(await failureOf(table({ name: `${name}n` }))).to.include({ path: 'tables[0].name' });
    expect(await failureOf(table({ comment: 'c'.repeat(255) }))).to.include({ path: 'tables[0].comment' });
    const long = { comment: 'c'.repeat(254), then: 'accept' } as const;
    expect(await failureOf(table({ chains: [{ name: 'c', rules: [long] }] }))).to.include({ path: 'tables[0].chains[0].rules[0].comment' });
  });

  it('distinguishes elements that never expire from those with the time of the set', async function () {
    const text = 'table ip x { set s { type ipv4_addr; timeout 1h; elements = { 10.0.0.1 timeout never }; }; }';
    firewall().needs(this, 'elements that never expire', 'timeout never', text);
    const set = (never: boolean): FirewallTable =>
      table({
        sets: [
          { name: 's', type: 'ipv4_addr', timeout: '1h', elements: [never ? { value: '10.0.0.1', timeout: 0 } : '10.0.0.1', '10.0.0.2'] },
        ],
      });
    expect(await applied(set(true))).to.match(/10\.0\.0\.1 timeout never(?: expires never)?, *\s*10\.0\.0\.2 expires/);
    expect(await firewall().plan(set(false))).to.have.length(1);
    expect(await applied(set(false))).to.not.contain('never');
  });

  it('writes a set with two statements, and keeps those of its elements', async function () {
    const text = 'table ip x { set s { type ipv4_addr; flags dynamic; limit rate 5/second counter; }; }';
    firewall().needs(this, 'sets with two statements', 'counter', text);
    const statements = [
      { name: 'limit', data: { rate: 5n, unit: 1n, burst: 5, type: 'pkts' } },
      { name: 'counter', data: {} },
    ] as const;
    const printed = await applied(table({ sets: [{ name: 's', type: 'ipv4_addr', flags: ['dynamic'], size: 10, statements }] }));
    expect(printed).to.match(/limit rate 5\/second burst 5 packets\s+counter/);
  });

  it('keeps the flag of a table that stays when its owner closes', async function () {
    const { client } = firewall();
    const request = { nfgenFamily: NfProtocol.Ipv4, name: 'app', flags: TableFlags.Persist };
    await lastValueFrom(client.do('newtable', request, { create: true })).catch((error: unknown) => {
      if (!isKernelError(error)) throw error;
      skipBecause(this, 'this kernel has no tables that stay when their owner closes (NFT_TABLE_F_PERSIST)', error);
    });
    await applied(table({ dormant: true }));
    const row = await lastValueFrom(client.do('gettable', { nfgenFamily: NfProtocol.Ipv4, name: 'app' }));
    expect(row.flags).to.equal(TableFlags.Persist | TableFlags.Dormant);
  });

  it('holds tables of one name in several families apart', async () => {
    const chain = (port: number) => ({ name: 'c', rules: [{ when: [{ 'tcp.dport': port }], then: 'accept' }] }) as const;
    await applied(
      table({ chains: [chain(1)] }),
      table({ family: 'ip6', chains: [chain(2)] }),
      table({ family: 'inet', chains: [chain(3)] }),
    );
    expect(await firewall().apply(table({ family: 'ip6', absent: true } as never))).to.deep.equal(['- table ip6 app']);
    expect(firewall().print()).to.contain('tcp dport 1 ').and.contain('tcp dport 3 ').and.not.contain('tcp dport 2 ');
  });

  it('writes a chain of a link whose name has changed', async () => {
    const { namespace } = firewall();
    const chain = (device: string): FirewallTable => ({
      family: 'netdev',
      name: 'app',
      chains: [{ name: 'c', type: 'filter', hook: 'ingress', device, priority: 0 }],
    });
    namespace.ip('link add d7 type ifb');
    expect(await applied(chain('d7'))).to.contain('"d7"');
    namespace.ip('link set d7 name d8');
    expect(await applied(chain('d8')))
      .to.contain('"d8"')
      .and.not.contain('"d7"');
    namespace.ip('link del d8');
  });

  for (const [text, statement, families] of STATEMENTS)
    it(`accepts ${text.split(' ')[0]} at the hooks at which the kernel does`, async function () {
      const [documents, kernel]: [string[], string[]] = [[], []];
      for (const family of families)
        for (const hook of HOOKS[family]) {
          const place = `${family} ${hook}`;
          const device = hook === 'ingress' || hook === 'egress' ? { device: 'lo' } : {};
          const condition = text === 'reject' ? '' : 'meta l4proto tcp ';
          const when = condition === '' ? {} : { when: [{ 'meta.l4proto': 'tcp' }] };
          const chain = { name: 'c', type: 'filter', hook, ...device, rules: [{ ...when, then: statement }] } as const;
          try {
            const bound = 'device' in device ? ' device lo' : '';
            firewall().load(`table ${family} app { chain c { type filter hook ${hook}${bound} priority 0; ${condition}${text}; }; }`);
            kernel.push(place);
          } catch (error) {
            // The kernel was built without the module of the statement for this family.
            if (/No such file/.test(String(error))) continue;
            if (!/not supported/.test(String(error))) throw error;
          }
          firewall().namespace.run('nft', 'flush', 'ruleset');
          await firewall()
            .plan({ family, name: 'app', chains: [chain] })
            .then(
              () => documents.push(place),
              (error: unknown) => expect(String(error)).to.contain('with the hook'),
            );
        }
      if (kernel.length === 0) skipBecause(this, `this kernel has no ${text.split(' ')[0]}`);
      expect(documents).to.include.members(kernel);
      // A kernel before 5.11 rejects no packets at `prerouting`.
      if ((process.env['RXNETLINK_OTHER_KERNEL'] ?? '') === '') expect(documents).to.deep.equal(kernel);
    });

  it('fails for jumps that the kernel does not follow, and changes nothing', async () => {
    await applied(table({ chains: [{ name: 'c' }] }));
    const base = { name: 'in', type: 'filter', hook: 'input', priority: 0 } as const;
    const jumping = (name: string, to: string) => ({ name, rules: [{ then: { goto: to } }] }) as const;
    const loop = [{ ...base, rules: [{ then: { jump: 'a' } }] }, jumping('a', 'b'), jumping('b', 'a')] as const;
    expect(await failureOf(table({ chains: loop }))).to.include({ path: 'tables[0].chains[2].rules[0].then.goto' });
    expect(await failureOf(table({ chains: [base, jumping('a', 'in')] }))).to.include({ code: 'EOPNOTSUPP' });
    const levels = Array.from({ length: 17 }, (_, level) => jumping(`l${level}`, `l${level + 1}`));
    const deep = [{ ...base, rules: [{ then: { jump: 'l0' } }] }, ...levels, { name: 'l17' }] as const;
    expect(await failureOf(table({ chains: deep }))).to.include({ path: 'tables[0].chains[2].rules[0].then.goto' });
    expect(firewall().print()).to.equal('table ip app {\n\tchain c {\n\t}\n}\n');
  });
});
