import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { StaleGenerationError } from '../../../../lib/errors/index.js';
import { NfProtocol, TableFlags, nftables } from '../../../../lib/families/nftables.js';
import type { FirewallTable } from '../../../../lib/network/firewall/firewall.js';
import { commitFirewall } from '../../../../lib/network/firewall/plan/commit-firewall.js';
import { planFirewall } from '../../../../lib/network/firewall/plan/plan-firewall.js';
import type { FirewallRule } from '../../../../lib/network/firewall/rules/firewall-rule.js';
import { readFirewall } from '../../../../lib/network/firewall/state/firewall-state.js';
import { needsRequest } from '../../../support/features.js';
import { useFirewall } from './firewall.js';

const port = (number: number): FirewallRule => ({ when: [{ 'tcp.dport': number }], then: 'accept' });
const chainless: FirewallTable = { family: 'ip', name: 'app' };
const chainOf = (...rules: FirewallRule[]): FirewallTable => ({ ...chainless, chains: [{ name: 'c', rules }] });

describe('commitFirewall', () => {
  const firewall = useFirewall();

  describe('when other programs write too', () => {
    it('refuses a plan of a generation that has passed, and has changed nothing', async () => {
      const { client } = firewall();
      const stale = planFirewall({ tables: [chainOf(port(1))] }, await lastValueFrom(readFirewall(client)));
      firewall().load('table ip other { }');
      const before = firewall().handles();
      const error: unknown = await lastValueFrom(commitFirewall(client, stale)).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(StaleGenerationError);
      expect(firewall().handles()).to.equal(before);
    });

    it('refuses to change a table that another socket owns', async function () {
      const owner = nftables({ netns: firewall().namespace.path });
      const lease = owner.socket.connect();
      try {
        const request = { nfgenFamily: NfProtocol.Ipv4, name: 'app', flags: TableFlags.Owner };
        await needsRequest(this, 'tables with an owner', 'EINVAL', lastValueFrom(owner.do('newtable', request, { create: true })));
        expect(await firewall().plan(chainless)).to.deep.equal([]);
        const error: unknown = await firewall()
          .plan(chainOf(port(1)))
          .catch((reason: unknown) => reason);
        expect(error).to.include({ reason: 'denied', path: 'tables[0]' });
      } finally {
        lease.unsubscribe();
        owner.close();
      }
    });
  });

  describe('when the kernel rejects it', () => {
    it('has changed nothing', async () => {
      await firewall().apply(chainOf(port(1)));
      const before = firewall().handles();
      let failed = false;
      await firewall()
        // The kernel accepts no jump to a base chain.
        .apply({
          ...chainOf(port(2)),
          chains: [
            { name: 'm', hook: 'input' },
            { name: 'n', rules: [{ then: { jump: 'm' } }] },
          ],
          counters: [{ name: 'k' }],
        })
        .catch(() => {
          failed = true;
        });
      expect(failed).to.equal(true);
      expect(firewall().handles()).to.equal(before);
    });
  });
});
