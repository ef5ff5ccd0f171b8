import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { buildTopology } from '../../lib/dashboard/topology/build-topology.js';
import { NamespaceLinks } from '../../lib/dashboard/topology/namespace-links.js';
import { network, Row, type LinkSpec, type Network } from '../../lib/network/index.js';
import { fakeNetwork } from '../../lib/testing/index.js';

describe('buildTopology', () => {
  let net: Network;
  beforeEach(() => (net = network(fakeNetwork().options)));
  afterEach(() => net.close());

  const namespaceOf = async (links: readonly LinkSpec[]): Promise<NamespaceLinks> => {
    for (const link of links) await lastValueFrom(net.links.ensure(link));
    const namespace = new NamespaceLinks({ name: 'here', path: '/proc/self/ns/net', inode: 7, net });
    namespace.replace(await lastValueFrom(net.links.list({ with: 'addresses' })));
    return namespace;
  };
  const nowhere = () => undefined;

  it('has bonds and bridges as masters, and VLANs with their numbers on their parents', async () => {
    const here = await namespaceOf([
      { name: 'br0', kind: 'bridge', up: true },
      { name: 'bond0', kind: 'bond', master: 'br0' },
      { name: 'eth0', up: false },
      { name: 'eth0', master: 'bond0' },
      { name: 'v7', kind: 'vlan', parent: 'br0', vlan: { id: 7 } },
    ]);
    const { nodes, edges, namespaces, note } = buildTopology([here], nowhere);
    const named = new Map(nodes.map((node) => [node.name, node]));
    const id = (name: string) => named.get(name)!.id;
    expect(named.get('eth0')!.master).to.equal(id('bond0'));
    expect(named.get('bond0')!.master).to.equal(id('br0'));
    expect(named.get('br0')!.master).to.equal(undefined);
    expect([named.get('lo')!.kind, named.get('eth0')!.kind, named.get('v7')!.kind]).to.deep.equal(['loopback', 'ethernet', 'vlan']);
    expect(edges).to.deep.equal([{ from: id('v7'), to: id('br0'), kind: 'lower', label: '7' }]);
    expect(id('eth0')).to.equal(String([...here.links.values()].find(({ name }) => name === 'eth0')!.index));
    expect([namespaces, note]).to.deep.equal([[{ id: '7', name: 'here' }], undefined]);
  });

  it('has the remote address of a tunnel that no known link has', async () => {
    const here = await namespaceOf([{ name: 'vx0', kind: 'vxlan', vxlan: { id: 9, remote: '10.0.0.2', port: 4789 } }]);
    const from = String([...here.links.values()].find(({ name }) => name === 'vx0')!.index);
    expect(buildTopology([here], nowhere).edges).to.deep.equal([{ from, to: '10.0.0.2', kind: 'tunnel', label: '10.0.0.2' }]);
  });

  it('has at most 2,000 links, the masters among them, and states how many there are', async () => {
    const here = await namespaceOf([{ name: 'br0', kind: 'bridge' }]);
    const named = (name: string) => [...here.links.values()].find((link) => link.name === name)!;
    const [bridge, port] = [named('br0'), named('eth0')];
    const ports = Array.from({ length: 2500 }, (_, at) => ({
      ...port,
      [Row]: port[Row],
      index: 100 + at,
      name: `p${String(at)}`,
      master: 'br0',
    }));
    // The bridge is the last one in the order of the kernel.
    here.replace([...ports, { ...bridge, [Row]: bridge[Row], index: 9000 }]);
    const { nodes, note } = buildTopology([here], nowhere);
    expect(nodes).to.have.length(2000);
    expect(nodes[0]).to.include({ name: 'br0', id: '9000' });
    expect(nodes.every(({ master, name }) => name === 'br0' || master === '9000')).to.equal(true);
    expect(note).to.equal('Only 2000 of 2501 links are shown.');
  });

  it('states why the links of a namespace are not shown', async () => {
    const here = await namespaceOf([]);
    const there = new NamespaceLinks({ name: 'there', path: '/run/netns/there', inode: 8, net });
    there.fail(new Error('it may not be entered'));
    expect(buildTopology([here, there], nowhere, 'A note.')).to.deep.include({
      namespaces: [
        { id: '7', name: 'here' },
        { id: '8', name: 'there', error: 'it may not be entered' },
      ],
      note: 'A note.',
    });
  });
});
