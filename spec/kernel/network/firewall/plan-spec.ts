import { expect } from 'chai';
import type { FirewallChain, FirewallTable } from '../../../../lib/network/firewall/firewall.js';
import type { FirewallRule } from '../../../../lib/network/firewall/rules/firewall-rule.js';
import type { Match } from '../../../../lib/network/firewall/rules/match.js';
import type { Statement } from '../../../../lib/network/firewall/rules/statement.js';
import { useFirewall } from './firewall.js';

type Part = Match | Statement;

const counter = 'counter';
const jump = (chain: string): Statement => ({ jump: chain });
const tcpPort = (port: number): Match => ({ 'tcp.dport': port });
const saddrIn = (set: string): Match => ({ 'ip.saddr': `@${set}` });

/** Returns a rule: matches have a field with a dot. */
const rule = (...parts: readonly Part[]): FirewallRule => {
  const isMatch = (part: Part): part is Match => typeof part === 'object' && Object.keys(part).some((name) => name.includes('.'));
  return { when: parts.filter(isMatch), then: parts.filter((part) => !isMatch(part)) as readonly Statement[] };
};
const named = (comment: string, ...parts: readonly Part[]): FirewallRule => ({ comment, ...rule(...parts) });
const port = (number: number): FirewallRule => rule(tcpPort(number), 'accept');

const table = (contents: Partial<FirewallTable>): FirewallTable => ({ family: 'ip', name: 'app', ...contents });
const chainOf = (...rules: FirewallRule[]): FirewallTable => table({ chains: [{ name: 'c', rules }] });

/** Returns the rules that `nft -a` prints for a chain, as text and handle. */
function rulesIn(text: string): readonly string[] {
  return [...text.matchAll(/^\t\t((?!type|comment).*) # handle (\d+)$/gm)].map(([, words, handle]) => `${words} #${handle}`);
}

describe('planFirewall', () => {
  const firewall = useFirewall();

  describe('of a new table', () => {
    it('makes what nft prints, in the order of the document', async () => {
      const differences = await firewall().apply({
        family: 'inet',
        name: 'app',
        comment: 'of the document',
        chains: [
          {
            name: 'in',
            type: 'filter',
            hook: 'input',
            priority: 'filter + 5',
            policy: 'drop',
            rules: [named('ssh', tcpPort(22), counter, 'accept'), port(80), rule(jump('more'))],
          },
          { name: 'more', comment: 'jumped to', rules: [port(443)] },
        ],
      });
      expect(firewall().print()).to.equal(`table inet app {
	comment "of the document"
	chain in {
		type filter hook input priority filter + 5; policy drop;
		tcp dport 22 counter packets 0 bytes 0 accept comment "ssh"
		tcp dport 80 accept
		jump more
	}

	chain more {
		comment "jumped to"
		tcp dport 443 accept
	}
}
`);
      expect(differences).to.have.length(7);
      expect(differences[0]).to.equal('+ table inet app: comment of the document');
      expect(differences[1]).to.equal('+ chain inet app in: type filter, hook input, priority filter + 5, policy drop');
      expect(differences).to.include('+ rule inet app in: tcp dport 22 counter accept');
    });

    it('needs nothing when it is applied again, and sends nothing', async () => {
      const document = chainOf(port(22), named('a', counter), rule(counter));
      await firewall().apply(document);
      const generation = await firewall().generation();
      expect(await firewall().apply(document)).to.deep.equal([]);
      expect(await firewall().generation()).to.equal(generation);
    });
  });

  describe('beside tables of others', () => {
    it('never changes them', async () => {
      firewall().load(`
        table ip nat {
          chain DOCKER { counter return; }
          chain POSTROUTING { type nat hook postrouting priority srcnat; ip saddr 172.17.0.0/16 masquerade; }; }
        table inet firewalld { chain in { type filter hook input priority 10; tcp dport { 22, 80 } accept; }; }
        table ip6 app { chain c { }; }`);
      const before = firewall().handles();
      await firewall().apply(chainOf(port(22)));
      await firewall().apply(chainOf());
      await firewall().apply({ family: 'ip', name: 'app', absent: true });
      expect(firewall().handles()).to.equal(before);
    });
  });

  describe('of rules', () => {
    const apply = async (...rules: FirewallRule[]): Promise<readonly string[]> => {
      await firewall().apply(chainOf(...rules));
      return rulesIn(firewall().handles());
    };

    it('keeps the handles of those that stay, wherever others are added or deleted', async () => {
      const [first, second] = await apply(port(1), port(2));
      expect((await apply(port(9), port(1), port(5), port(2), port(7))).map((text) => text.replace(/ #.*/, ''))).to.deep.equal(
        [9, 1, 5, 2, 7].map((number) => `tcp dport ${number} accept`),
      );
      const rules = rulesIn(firewall().handles());
      expect([rules[1], rules[3]]).to.deep.equal([first, second]);
      expect(await apply(port(1), port(2))).to.deep.equal([first, second]);
    });

    it('gives a moved rule its new place', async () => {
      const [, second, third] = await apply(port(1), port(2), port(3));
      const moved = await apply(port(2), port(3), port(1));
      expect(moved.slice(0, 2)).to.deep.equal([second, third]);
      expect(moved[2]).to.match(/^tcp dport 1 accept/);
    });

    it('replaces one of the same comment in its place, with its handle and its counter', async () => {
      firewall().load('table ip app { chain c { tcp dport 1 accept; tcp dport 22 counter packets 7 bytes 420 accept comment "ssh"; }; }');
      const [, before] = rulesIn(firewall().handles());
      const differences = await firewall().apply(chainOf(port(1), named('ssh', tcpPort(2222), counter, 'accept')));
      expect(differences).to.have.length(1);
      expect(differences[0]).to.equal('~ rule ip app c: ssh: tcp dport 22 counter accept -> tcp dport 2222 counter accept');
      const [, after] = rulesIn(firewall().handles());
      expect(before).to.equal(`tcp dport 22 counter packets 7 bytes 420 accept comment "ssh" #${before!.split('#')[1]}`);
      expect(after).to.equal(before!.replace('22', '2222'));
    });

    it('carries the counter of a rule that moves', async () => {
      firewall().load('table ip app { chain c { counter packets 7 bytes 420 comment "a"; tcp dport 1 accept; tcp dport 2 accept; }; }');
      expect(await firewall().apply(chainOf(port(1), port(2), named('a', counter)))).to.deep.equal(['~ rule ip app c: a: moved']);
      expect(rulesIn(firewall().handles())[2]).to.match(/^counter packets 7 bytes 420 comment "a"/);
    });

    it('changes no rule whose counter alone differs', async () => {
      firewall().load('table ip app { chain c { counter packets 7 bytes 420 accept; }; }');
      expect(await firewall().plan(chainOf(rule(counter, 'accept')))).to.deep.equal([]);
    });

    it('takes a rule without a comment for another one when a comment is added', async () => {
      await apply(rule(counter));
      expect(await firewall().apply(chainOf(named('a', counter)))).to.have.length(2);
      expect(rulesIn(firewall().handles())).to.have.length(1);
    });

    it('keeps equal rules as often as the document has them', async () => {
      expect(await apply(port(1), port(1), port(1))).to.have.length(3);
      expect(await apply(port(1), port(1))).to.have.length(2);
    });
  });

  describe('of chains', () => {
    const base: FirewallChain = { name: 'in', type: 'filter', hook: 'input', priority: 0, policy: 'accept' };
    const changed = async (from: FirewallChain, to: FirewallChain): Promise<readonly string[]> => {
      await firewall().apply(table({ chains: [from] }));
      const differences = await firewall().apply(table({ chains: [to] }));
      expect(await firewall().plan(table({ chains: [to] }))).to.deep.equal([]);
      return differences;
    };

    it('changes a policy in place', async () => {
      const rules = [named('a', counter)];
      await firewall().apply(table({ chains: [{ ...base, rules }] }));
      const before = firewall().handles();
      expect(await firewall().apply(table({ chains: [{ ...base, policy: 'drop', rules }] }))).to.deep.equal([
        '~ chain ip app in: policy accept -> drop',
      ]);
      expect(firewall().handles()).to.equal(before.replace('policy accept', 'policy drop'));
    });

    it('creates a chain anew for another hook, type, priority or comment, with the counters of its rules', async () => {
      firewall().load('table ip app { chain in { type filter hook input priority 0; counter packets 3 bytes 30; }; }');
      const rules = [rule(counter)];
      const differences = await firewall().apply(table({ chains: [{ ...base, hook: 'forward', priority: -5, comment: 'x', rules }] }));
      expect(differences).to.deep.equal(['~ chain ip app in: hook input -> forward, priority filter -> filter - 5, comment none -> x']);
      expect(firewall().print()).to.include(
        'type filter hook forward priority filter - 5; policy accept;\n\t\tcounter packets 3 bytes 30\n',
      );
      expect(await changed(base, { ...base, type: 'nat' })).to.deep.equal(['~ chain ip app in: type filter -> nat']);
    });

    it('makes a regular chain of a base chain, and the other way round', async () => {
      await changed(base, { name: 'in' });
      expect(firewall().print()).to.equal('table ip app {\n\tchain in {\n\t}\n}\n');
      await changed({ name: 'in' }, base);
      expect(firewall().print()).to.include('hook input');
    });

    it('creates a chain anew that rules and elements jump to', async () => {
      firewall().load(`table ip app {
        map m { type ipv4_addr : verdict; elements = { 10.0.0.1 : jump x, 10.0.0.2 : accept }; }
        chain x { }
        chain c { counter packets 5 bytes 50 jump x; ip saddr vmap @m; }
      }`);
      const [described] = await firewall().describe();
      const chains = described!.chains!.map((chain) => (chain.name === 'x' ? { ...chain, comment: 'new' } : chain));
      expect(await firewall().apply({ ...described!, chains })).to.deep.equal(['~ chain ip app x: comment none -> new']);
      expect(firewall().print()).to.include('comment "new"').and.include('jump x,').and.include('counter packets 5 bytes 50 jump x');
    });

    it('deletes chains that the document omits, behind the rules that jump to them', async () => {
      await firewall().apply(
        table({
          chains: [
            { name: 'a', rules: [named('j', jump('b'))] },
            { name: 'b', rules: [rule(counter)] },
          ],
        }),
      );
      expect(await firewall().apply(table({ chains: [{ name: 'a', rules: [named('j', counter)] }] }))).to.deep.equal([
        '~ rule ip app a: j: jump b -> counter',
        '- chain ip app b',
      ]);
      expect(firewall().print()).to.not.include('chain b');
    });

    it('adds and removes devices in place', async function () {
      for (const name of ['d0', 'd1', 'd2']) firewall().namespace.ip(`link add ${name} type ifb`);
      const load = (devices: string): string =>
        `table netdev x { chain c { type filter hook ingress devices = { ${devices} } priority 0; }; }`;
      firewall().needs(this, 'change of the devices of a chain', 'd0, d1', load('d0'), load('d1'));
      const ingress = (...devices: string[]): FirewallTable => ({
        family: 'netdev',
        name: 'app',
        chains: [{ name: 'c', hook: 'ingress', devices, rules: [named('a', counter)] }],
      });
      await firewall().apply(ingress('d0', 'd1'));
      const [before] = rulesIn(firewall().handles());
      expect(await firewall().apply(ingress('d1', 'd2'))).to.deep.equal(['~ chain netdev app c: devices d0 . d1 -> d1 . d2']);
      expect(firewall().print()).to.include('devices = { d1, d2 }');
      expect(rulesIn(firewall().handles())).to.deep.equal([before]);
      for (const name of ['d0', 'd1', 'd2']) firewall().namespace.ip(`link del ${name}`);
    });
  });

  describe('of tables', () => {
    it('takes a table out of the path of packets and puts it back', async () => {
      await firewall().apply(table({ chains: [{ name: 'c' }] }));
      expect(await firewall().apply(table({ dormant: true, chains: [{ name: 'c' }] }))).to.deep.equal([
        '~ table ip app: dormant none -> true',
      ]);
      expect(firewall().print()).to.include('flags dormant');
      await firewall().apply(table({ chains: [{ name: 'c' }] }));
      expect(firewall().print()).to.not.include('flags dormant');
    });

    it('creates a table anew for another comment, with its counters and the elements that are not the document’s', async () => {
      firewall().load(`table ip app {
        set s { type ipv4_addr; elements = { 10.0.0.1 }; }
        chain c { counter packets 5 bytes 50; }
      }`);
      const sets = [{ name: 's', type: 'ipv4_addr' }];
      const differences = await firewall().apply({ ...chainOf(rule(counter)), comment: 'new', sets });
      expect(differences).to.deep.equal(['~ table ip app: comment none -> new']);
      expect(firewall().print()).to.include('comment "new"').and.include('10.0.0.1').and.include('counter packets 5 bytes 50');
    });

    it('leaves alone what is not listed in a table that is not owned whole', async () => {
      firewall().load(`table ip app {
        comment "of another program"
        set s { type ipv4_addr; elements = { 10.0.0.1 }; }
        chain other { counter; }
        chain c { tcp dport 1 accept; }
      }`);
      const differences = await firewall().apply({ ...chainOf(port(2)), owns: 'listed' });
      expect(differences).to.have.length(2);
      expect(firewall().print()).to.include('chain other').and.include('set s').and.include('tcp dport 2').and.not.include('tcp dport 1');
    });

    it('deletes a table that is absent, once', async () => {
      await firewall().apply(chainOf(port(1)));
      expect(await firewall().apply({ family: 'ip', name: 'app', absent: true })).to.deep.equal(['- table ip app']);
      expect(firewall().print()).to.equal('');
      expect(await firewall().plan({ family: 'ip', name: 'app', absent: true })).to.deep.equal([]);
    });
  });

  describe('of sets', () => {
    it('lets a rule use a set of the same transaction, and deletes one that nothing uses any longer', async () => {
      const sets = [{ name: 's', type: 'ipv4_addr', elements: ['10.0.0.1'] }];
      await firewall().apply({ ...chainOf(named('a', saddrIn('s'), 'drop')), sets });
      expect(firewall().print()).to.include('ip saddr @s drop comment "a"');
      await firewall().apply(chainOf(named('a', counter)));
      expect(firewall().print()).to.not.include('set s');
    });

    it('creates a set anew for another type, with the rules that use it', async () => {
      firewall().load(`table ip app {
        set s { type ipv4_addr; elements = { 10.0.0.1 }; }
        chain c { ip saddr @s counter packets 5 bytes 50 drop; }
      }`);
      const interval = { name: 's', type: 'ipv4_addr', flags: ['interval' as const], elements: ['10.0.0.0/8'] };
      const document = { ...chainOf(rule(saddrIn('s'), counter, 'drop')), sets: [interval] };
      expect(await firewall().apply(document)).to.deep.equal(['~ set ip app s: flags none -> interval', '+ element ip app s: 10.0.0.0/8']);
      expect(firewall().print()).to.include('10.0.0.0/8').and.include('ip saddr @s counter packets 5 bytes 50 drop');
      expect(await firewall().plan(document)).to.deep.equal([]);
    });
  });
});
