import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { firewallBefore } from '../../../../lib/network/documents/apply/firewall/firewall-before.js';
import type { FirewallChain, FirewallTable } from '../../../../lib/network/firewall/firewall.js';
import { readFirewall } from '../../../../lib/network/firewall/state/firewall-state.js';
import { useFirewall } from './firewall.js';

const RULES = `
  tcp dport 22 counter packets 7 bytes 420 accept comment "ssh"
  tcp dport { 80, 443 } accept
  ip saddr @admins counter packets 3 bytes 30
  tcp dport { 1-5, 3-9 } drop`;

const base: FirewallChain = { name: 'in', type: 'filter', hook: 'input', priority: 'filter' };
const table = (contents: Partial<FirewallTable>): FirewallTable => ({ family: 'ip', name: 'app', ...contents });
const listed = (chain: Partial<FirewallChain>, more: Partial<FirewallTable> = {}): FirewallTable =>
  table({ owns: 'listed', chains: [{ ...base, ...chain }], ...more });

describe('chains of a document that states no rules', () => {
  const firewall = useFirewall();
  beforeEach(() =>
    firewall().load(`table ip app {
      set admins { type ipv4_addr; elements = { 10.0.0.1 }; }
      chain in { type filter hook input priority 0; ${RULES}
      }
    }`),
  );

  it('keep their rules if the document owns only what it lists', async () => {
    const before = firewall().handles();
    expect(await firewall().plan(listed({}))).to.deep.equal([]);
    expect(await firewall().apply(listed({ policy: 'drop' }))).to.deep.equal(['~ chain ip app in: policy accept -> drop']);
    expect(firewall().handles()).to.equal(before.replace('policy accept', 'policy drop'));
  });

  it('lose their rules if the list is empty, or if the document owns the table', async () => {
    for (const wanted of [listed({ rules: [] }), table({ chains: [base] })]) {
      expect(await firewall().plan(wanted)).to.include('- rule ip app in: tcp dport 22 counter accept');
      expect(await firewall().plan({ ...wanted, sets: [{ name: 'admins', type: 'ipv4_addr' }] })).to.have.length(4);
    }
    await firewall().apply(listed({ rules: [] }));
    expect(firewall().print()).to.not.contain('dport');
  });

  it('keep their rules, with the values of counters, if they are created again', async () => {
    const before = firewall().print();
    const differences = await firewall().apply(listed({ hook: 'forward' }));
    expect(differences).to.deep.equal(['~ chain ip app in: hook input -> forward']);
    expect(firewall().print()).to.equal(before.replace('hook input', 'hook forward'));
    expect(await firewall().plan(listed({ hook: 'forward' }))).to.deep.equal([]);
  });

  it('keep their rules if a set that these use is created again', async () => {
    const sets = [{ name: 'admins', type: 'ipv4_addr', flags: ['interval'], elements: ['10.0.0.0/8'] }] as const;
    await firewall().apply(listed({}, { sets }));
    expect(firewall().print()).to.contain('elements = { 10.0.0.0/8 }').and.contain('ip saddr @admins counter packets 3 bytes 30');
    expect(await firewall().plan(listed({}, { sets }))).to.deep.equal([]);
  });

  it('keep the rules that other programs add before the document is undone', async () => {
    const wanted = { tables: [listed({ policy: 'drop' })] };
    const state = async () => await lastValueFrom(readFirewall(firewall().client));
    const before = await state();
    await firewall().apply(...wanted.tables);
    firewall().load('add rule ip app in tcp dport 9 accept');
    await firewall().apply(...firewallBefore(wanted, before, await state()).tables);
    expect(firewall().print()).to.contain('policy accept').and.contain('tcp dport 22').and.contain('tcp dport 9');
  });
});
