import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { countWrites, one, shown } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { modules } from '../support.js';

interface Shown {
  readonly mac: string;
  readonly vlan?: number;
}

describe('network().fdb on a bridge that knows VLANs, on the wide kernel', () => {
  before(() => modules('dummy', 'bridge'));
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add b0 type bridge vlan_filtering 1', 'link add p0 type dummy', 'link set p0 master b0', 'link set p0 up']);
    namespace().run('bridge', 'vlan', 'add', 'dev', 'p0', 'vid', '10-11');
  });
  after(() => net?.close());

  const mac = '02:00:00:00:00:99';
  const vlans = (): readonly (number | undefined)[] =>
    shown<Shown>(namespace(), 'bridge -j fdb show br b0')
      .filter((entry) => entry.mac === mac)
      .map(({ vlan }) => vlan)
      .sort();

  it('has the entry without a VLAN, and those that the kernel adds for each VLAN, apart', async () => {
    const spec = { link: 'p0', mac, state: 'static' } as const;
    await one(net.fdb.add(spec));
    expect(vlans()).to.have.members([1, 10, 11, undefined]);
    expect(await countWrites(() => one(net.fdb.ensure(spec)))).to.equal(0);
    expect(await one(net.fdb.list({ mac }))).to.have.length(4);
    await one(net.fdb.delete({ ...spec, vlan: 10 }));
    expect(vlans()).to.have.members([1, 11, undefined]);
    expect((await one(net.fdb.delete(spec))).vlan).to.equal(undefined);
    // The kernel deletes those of the VLANs with it.
    expect(vlans()).to.deep.equal([]);
  });
});
