import { expect } from 'chai';
import type { LinkPeer } from '../../../../lib/network/links/kinds/pairs/peer.js';
import type { LinkSpec } from '../../../../lib/network/links/link.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { countWrites, failure, one, shown } from '../support.js';

describe('network().links and the peer of a pair in another namespace', () => {
  const namespace = useNamespace();
  const elsewhere = useNamespace();
  const third = useNamespace();
  let net: Network;

  const spec = (peer: Omit<LinkPeer, 'netns' | 'name'> & Partial<LinkPeer>): LinkSpec => ({
    name: 'v0',
    kind: 'veth',
    veth: { peer: { name: 'eth0', netns: elsewhere().path, ...peer } },
  });
  const ensure = async (peer: Parameters<typeof spec>[0]): Promise<object> => {
    const { changed } = await one(net.links.ensure(spec(peer)));
    expect(await countWrites(() => one(net.links.ensure(spec(peer)))), 'writes of the second ensure').to.equal(0);
    return changed[0]?.changes ?? {};
  };

  beforeEach(() => {
    net = network({ netns: namespace().path });
    namespace().ip(`link add v0 type veth peer name eth0 netns ${elsewhere().name ?? /\d+/.exec(elsewhere().path)![0]}`);
  });
  afterEach(() => {
    net.close();
    namespace().run('sh', '-c', 'ip link del v0 2>/dev/null || true');
  });

  it('sets state, MTU and MAC address of the peer', async () => {
    const peer = { up: true, mtu: 1400, mac: '02:00:00:00:00:61' };
    const changes = await ensure(peer);
    expect(Object.keys(changes).sort()).to.deep.equal(['veth.peer.mac', 'veth.peer.mtu', 'veth.peer.up']);
    expect(changes).to.deep.include({ 'veth.peer.up': { from: false, to: true }, 'veth.peer.mtu': { from: 1500, to: 1400 } });
    const [found] = shown<{ readonly flags: readonly string[] }>(elsewhere(), 'ip -d -j link show eth0');
    expect(found).to.include({ address: peer.mac, mtu: 1400 });
    expect(found!.flags).to.include('UP');
    expect(await ensure({ up: false })).to.deep.equal({ 'veth.peer.up': { from: true, to: false } });
    expect(shown<{ readonly flags: readonly string[] }>(elsewhere(), 'ip -d -j link show eth0')[0]!.flags).not.to.include('UP');
  });

  it('renames the peer, and accepts an alternative name', async () => {
    expect(await ensure({ name: 'eth1' })).to.deep.equal({ 'veth.peer.name': { from: 'eth0', to: 'eth1' } });
    elsewhere().ip('link property add dev eth1 altname uplink');
    expect(await ensure({ name: 'uplink' })).to.deep.equal({});
    expect(shown(elsewhere(), 'ip -j link show uplink')).to.have.nested.property('[0].ifname', 'eth1');
  });

  it('fails when the namespace does not exist', async () => {
    const error = await failure(net.links.ensure(spec({ netns: '/run/netns/rxnl-absent' })), 'missing');
    expect(error.path).to.equal('veth.peer.netns');
    expect(error.message).to.include('/run/netns/rxnl-absent');
    namespace().ip('link del v0');
    expect((await failure(net.links.ensure(spec({ netns: '/run/netns/rxnl-absent' })), 'missing')).path).to.equal('veth.peer.netns');
  });

  it('is created again when the peer is in another namespace than wanted', async () => {
    // A link with the same index and the same name is not the peer.
    third().ip('link add eth0 type veth peer name x0');
    const wanted = spec({ netns: third().path, name: 'eth9', up: true });
    const error = await failure(net.links.ensure(wanted), 'unsupported');
    expect(error.path).to.equal('veth.peer.netns');
    expect(error.message).to.include('{ recreate: true }');
    const { changed } = await one(net.links.ensure(wanted, { recreate: true }));
    expect(changed.map(({ action }) => action)).to.deep.equal(['recreate']);
    expect(shown(third(), 'ip -d -j link show eth9')).to.have.nested.property('[0].linkinfo.info_kind', 'veth');
    expect((await one(net.links.ensure(wanted))).changed).to.deep.equal([]);
    third().ip('link del eth0');
  });

  it('finds the peer in the namespace of the link', async () => {
    namespace().batch(['link del v0', 'link add v0 type veth peer name v1']);
    expect(await ensure({ name: 'v1', netns: namespace().path, up: true })).to.have.all.keys('veth.peer.up');
    const error = await failure(net.links.ensure(spec({ name: 'v1' })), 'unsupported');
    expect(error.path).to.equal('veth.peer.netns');
  });
});
