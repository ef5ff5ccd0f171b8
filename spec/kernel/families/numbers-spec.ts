import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { NfProtocol, nftables } from '../../../lib/families/nftables.js';
import { rtNeigh } from '../../../lib/families/rt-neigh.js';
import { AddressFamily, isKernelError } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

/** The names that nft prints for the families. */
const NAMES = { Inet: 'inet', Ipv4: 'ip', Arp: 'arp', Netdev: 'netdev', Bridge: 'bridge', Ipv6: 'ip6' } as const;

describe('constants of fixed headers', () => {
  const namespace = useNamespace();

  for (const [property, family] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    it(`create a table of the family ${family} with NfProtocol.${property}`, async function () {
      using client = nftables({ netns: namespace().path });
      try {
        await lastValueFrom(client.do('newtable', { nfgenFamily: NfProtocol[property], name: 't' }, { create: true, exclusive: true }));
      } catch (error) {
        if (!isKernelError(error, 'EOPNOTSUPP')) throw error;
        skipBecause(this, `the kernel has no nftables for ${family}`);
      }
      expect(namespace().run('nft', 'list', 'tables', family)).to.equal(`table ${family} t\n`);
    });
  }

  it('list the tables of all families with NfProtocol.Unspec', async () => {
    using client = nftables({ netns: namespace().path });
    const tables = await lastValueFrom(client.list('gettable', { nfgenFamily: NfProtocol.Unspec }));
    expect(tables).to.have.length(namespace().run('nft', 'list', 'tables').trim().split('\n').length);
  });

  it('list the entries of bridge with AddressFamily.Bridge, and those of ip with AddressFamily.Unspec', async () => {
    namespace().ip('link add v0 type veth peer name v1');
    namespace().ip('neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev v0');
    namespace().run('bridge', 'fdb', 'add', '33:33:00:00:00:09', 'dev', 'v0', 'self', 'permanent');
    const shown = JSON.parse(namespace().run('bridge', '-j', 'fdb')) as { mac: string }[];
    using client = rtNeigh({ netns: namespace().path });
    const forwarding = await lastValueFrom(client.list('getneigh', { ndmFamily: AddressFamily.Bridge }));
    expect(forwarding.map(({ lladdr }) => lladdr)).to.deep.equal(shown.map(({ mac }) => mac));
    const neighbours = await lastValueFrom(client.list('getneigh', { ndmFamily: AddressFamily.Unspec }));
    expect(neighbours.map(({ dst, ndmFamily }) => ({ dst, ndmFamily }))).to.deep.include({
      dst: '192.0.2.7',
      ndmFamily: AddressFamily.Inet,
    });
  });
});
