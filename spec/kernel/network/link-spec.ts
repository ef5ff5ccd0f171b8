import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { LinkSpec } from '../../../lib/network/links/link.js';
import { useNamespace } from '../../support/namespace.js';
import { countWrites, failure, one, shown } from './support.js';

interface Shown extends Readonly<Record<string, unknown>> {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: object; readonly info_slave_data?: object };
}

describe('network().links', () => {
  const namespace = useNamespace();
  const elsewhere = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add p0 type ifb', 'link add b0 type bridge', 'link set b0 up']);
  });
  after(() => net.close());
  afterEach(() => {
    for (const { ifname } of shown<Shown>(namespace(), 'ip -j link'))
      if (/^[wx]/.test(ifname)) namespace().run('sh', '-c', `ip link del ${ifname} 2>/dev/null || true`);
  });

  const link = (name: string): Shown => shown<Shown>(namespace(), `ip -d -j link show dev ${name}`)[0]!;

  it('creates a link again as it was when the kernel rejects its new form', async () => {
    await one(net.links.add({ name: 'w9', kind: 'bridge', mtu: 1400, bridge: { ageing: '10s' } }));
    const wanted = { name: 'w9', kind: 'bridge', txQueues: 4, mtu: 70_000 } as const;
    await failure(net.links.ensure(wanted, { recreate: true }), 'invalid');
    expect(await one(net.links.get('w9'))).to.deep.include({ mtu: 1400 });
    expect((await one(net.links.get('w9'))).bridge?.ageing).to.equal(10_000);
  });

  it('reports what the kernel reports if another object has the name of the peer', async () => {
    await one(net.links.add({ name: 'w8', kind: 'ifb' }));
    const error = await failure(net.links.ensure({ name: 'w7', kind: 'veth', veth: { peer: { name: 'w8' } } }), 'exists');
    expect(error.message).to.match(/EEXIST/);
  });

  it('changes each setting of a link in place', async () => {
    namespace().ip('link add w0 type bridge');
    const part = { up: true, mtu: 1300, mac: '02:00:00:00:00:41', alias: 'x', group: 3, txQueueLength: 9, arp: false, multicast: false };
    const more = {
      allMulticast: true,
      promiscuous: true,
      altnames: ['w0-long-name-of-this'],
      offload: { gsoMaxSize: 30000 },
    };
    const { changed, object } = await one(net.links.change('w0', { ...part, ...more, kind: 'bridge', bridge: { ageing: '10s' } }));
    expect(changed[0]?.text)
      .to.match(/^~ link w0: /)
      .and.include('mtu 1500 -> 1300')
      .and.include('bridge.ageing 300000 -> 10000');
    const found = link('w0');
    expect(found).to.deep.include({ mtu: 1300, address: '02:00:00:00:00:41', ifalias: 'x', group: '3', txqlen: 9 });
    expect(found).to.deep.include({ altnames: ['w0-long-name-of-this'], gso_max_size: 30000 });
    expect(found.flags).to.include.members(['UP', 'NOARP', 'ALLMULTI', 'PROMISC']).and.not.include('MULTICAST');
    expect(found.linkinfo?.info_data).to.include({ ageing_time: 1000 });
    expect(object).to.deep.include({ ...part, allMulticast: true, promiscuous: true });
    const undone = { up: false, arp: true, multicast: true, allMulticast: false, promiscuous: false, alias: null, altnames: [] };
    await one(net.links.change('w0', undone));
    expect(link('w0').flags).to.deep.equal(['BROADCAST', 'MULTICAST']);
    expect(link('w0')).to.not.have.any.keys('ifalias', 'altnames');
  });

  it('changes the size of packets that the kernel merges at reception', async () => {
    namespace().ip('link add w0 type bridge');
    await one(net.links.change('w0', { offload: { groMaxSize: 20000 } }));
    expect(link('w0')).to.include({ gro_max_size: 20000 });
  });

  it('writes IPv4 and IPv6 settings, as /proc shows them', async () => {
    namespace().ip('link add w0 type bridge');
    const ipv4 = { forwarding: true, proxyArp: true, rpFilter: 2, arpIgnore: 1, arpAnnounce: 2, promoteSecondaries: true };
    const spec: LinkSpec = { name: 'w0', ipv4, ipv6: { addressGeneration: 'none' } };
    const { object } = await one(net.links.ensure(spec));
    expect(object.ipv4).to.include(ipv4);
    const read = (path: string): string => namespace().run('cat', `/proc/sys/net/${path}`).trim();
    const files = ['forwarding', 'proxy_arp', 'rp_filter', 'arp_ignore', 'arp_announce', 'promote_secondaries'];
    expect(files.map((file) => read(`ipv4/conf/w0/${file}`))).to.deep.equal(['1', '1', '2', '1', '2', '1']);
    expect(read('ipv6/conf/w0/addr_gen_mode')).to.equal('1');
    expect(await countWrites(() => one(net.links.ensure(spec)))).to.equal(0);
  });

  it('adds a port, changes its settings, and takes it out', async () => {
    const spec: LinkSpec = {
      name: 'w0',
      kind: 'ifb',
      up: true,
      master: 'b0',
      bridgePort: {
        priority: 9,
        cost: 17,
        hairpin: true,
        guard: true,
        rootBlock: true,
        learning: false,
        isolated: true,
        multicastRouter: 'always',
      },
    };
    await one(net.links.add(spec));
    expect(link('w0')).to.include({ master: 'b0' });
    const data = {
      priority: 9,
      cost: 17,
      hairpin: true,
      guard: true,
      root_block: true,
      learning: false,
      isolated: true,
      multicast_router: 2,
    };
    expect(link('w0').linkinfo?.info_slave_data).to.include(data);
    expect(await countWrites(() => one(net.links.ensure(spec)))).to.equal(0);
    await one(net.links.change('w0', { bridgePort: { cost: 18 } }));
    expect(link('w0').linkinfo?.info_slave_data).to.include({ ...data, cost: 18 });
    // The change does not state the master.
    expect(link('w0')).to.include({ master: 'b0' });
    await one(net.links.change('w0', { master: null }));
    expect(link('w0')).to.not.have.property('master');
    expect((await one(net.links.change('w0', { master: null }))).changed).to.deep.equal([]);
  });

  it('deletes a new link whose settings as a port are rejected', async () => {
    const wrong = await failure(net.links.add({ name: 'w0', kind: 'ifb', bridgePort: { cost: 5 } }), 'invalid');
    expect(wrong.path).to.equal('bridgePort');
    expect(await one(net.links.find('w0'))).to.equal(undefined);
  });

  it('makes a pair whose peer is in another namespace, both ends up', async () => {
    const peer = { name: 'eth0', netns: elsewhere().path, mac: '02:00:00:00:00:51', mtu: 1400, up: true };
    const spec: LinkSpec = { name: 'w0', kind: 'veth', up: true, veth: { peer } };
    const { object } = await one(net.links.ensure(spec));
    const other = shown<Shown>(elsewhere(), 'ip -d -j link show dev eth0')[0]!;
    expect(other).to.include({ address: peer.mac, mtu: 1400 });
    expect(other.flags).to.include('UP');
    expect(link('w0').flags).to.include('UP');
    expect(object.peer).to.have.all.keys('index', 'netnsid');
    expect(object).to.not.have.property('parent');
    expect(await countWrites(() => one(net.links.ensure(spec)))).to.equal(0);
    await failure(net.links.add({ name: 'w1', kind: 'veth' }), 'invalid');
  });

  it('reads both ends of a pair in one namespace', async () => {
    await one(net.links.add({ name: 'w0', kind: 'veth', veth: { peer: { name: 'w1', up: true } } }));
    const [first, second] = [await one(net.links.get('w0')), await one(net.links.get('w1'))];
    expect([first.peer?.name, second.peer?.name]).to.deep.equal(['w1', 'w0']);
    expect([first.up, second.up]).to.deep.equal([false, true]);
  });

  it('does not drop the parent of a pair that is made in another namespace', async () => {
    const pair: LinkSpec = { name: 'x1', kind: 'veth', parent: 'p0', netns: elsewhere().path, veth: { peer: { name: 'x2' } } };
    expect((await failure(net.links.add(pair), 'unknown-name')).path).to.equal('parent');
    expect(elsewhere().ip('-br link')).to.not.include('x1');
  });

  it('makes a link with a parent here in another namespace, and keeps it', async () => {
    const spec: LinkSpec = { name: 'x0', kind: 'macvlan', parent: 'p0', netns: elsewhere().path, macvlan: { mode: 'bridge' }, mtu: 1400 };
    const { object } = await one(net.links.ensure(spec));
    expect(shown<Shown>(elsewhere(), 'ip -d -j link show dev x0')[0]).to.include({ mtu: 1400 });
    expect(object.elsewhere).to.have.property('index', (await one(net.links.get('p0'))).index);
    expect(await one(net.links.find('x0'))).to.equal(undefined);
    expect(await countWrites(async () => expect((await one(net.links.ensure(spec))).changed).to.deep.equal([]))).to.equal(0);
    await failure(net.links.add(spec), 'exists');
    elsewhere().ip('link del x0');
  });

  it('renames a link that is up', async () => {
    namespace().batch(['link add w0 type ifb', 'link set w0 up']);
    expect(await one(net.links.rename('w0', 'w9'))).to.include({ name: 'w9', up: true });
    expect(link('w9').flags).to.include('UP');
  });

  it('renames a link to one of its alternative names, and keeps the old name if requested', async () => {
    namespace().batch(['link add w0 type ifb', 'link property add dev w0 altname w9']);
    const renamed = await one(net.links.rename('w0', 'w9', { keep: true }));
    expect(renamed).to.deep.include({ name: 'w9', altnames: ['w0'], up: false });
    expect(link('w9')).to.deep.include({ ifname: 'w9', altnames: ['w0'] });
    namespace().ip('link add w1 type ifb');
    await failure(net.links.rename('w1', 'w0'), 'exists');
  });

  it('moves a link to another namespace', async () => {
    namespace().batch(['link add w0 alias here mtu 1300 type ifb', 'link set w0 up']);
    elsewhere().ip('link add w0 type ifb');
    await failure(net.links.move('w0', { netns: elsewhere().path }), 'exists');
    const moved = await one(net.links.move('w0', { netns: elsewhere().path, name: 'w1' }));
    expect(moved).to.include({ name: 'w1', up: false, mtu: 1300 });
    expect(shown<Shown>(elsewhere(), 'ip -d -j link show dev w1')[0]).to.include({ mtu: 1300 });
    await failure(net.links.move('lo', { netns: elsewhere().path }), 'unsupported');
    elsewhere().batch(['link del w0', 'link del w1']);
  });

  it('finds a link by its name, an alternative name, its index and itself', async () => {
    namespace().batch(['link add w0 type ifb', 'link property add dev w0 altname w0-alternative-name-of-it']);
    const found = await one(net.links.get('w0'));
    for (const key of ['w0-alternative-name-of-it', { index: found.index }, found])
      expect(await one(net.links.get(key))).to.deep.equal(found);
    expect(await one(net.links.find('nope'))).to.equal(undefined);
    await failure(net.links.get('nope'), 'missing');
    await failure(net.links.add({ name: 'w0', kind: 'ifb' }), 'exists');
    expect((await one(net.links.ensure({ name: 'w0-alternative-name-of-it', mtu: 1234 }))).object).to.include({ name: 'w0', mtu: 1234 });
  });

  it('lists the links that ip lists, by filter and with parts', async () => {
    namespace().batch(['link add w0 type veth peer name w1', 'link set w0 up master b0', 'addr add 10.9.0.1/24 dev w0']);
    const names = async (filter: object): Promise<readonly string[]> => (await one(net.links.list(filter))).map(({ name }) => name);
    expect(await names({})).to.have.members(shown<Shown>(namespace(), 'ip -j link').map(({ ifname }) => ifname));
    expect(await names({ master: 'b0' })).to.deep.equal(['w0']);
    expect(await names({ kind: 'veth', master: null })).to.deep.equal(['w1']);
    const all = await one(net.links.list({ kind: 'veth', with: ['addresses', 'statistics'] }));
    const first = all.find(({ name }) => name === 'w0')!;
    expect(first.addresses.map(({ address }) => address)).to.include('10.9.0.1/24');
    const [counted] = shown<{ readonly stats64: { readonly tx: { readonly bytes: number } } }>(namespace(), 'ip -s -j link show dev w0');
    expect(Number(first.statistics.txBytes)).to.be.at.most(counted!.stats64.tx.bytes);
    expect(JSON.parse(JSON.stringify(first)))
      .to.have.nested.property('statistics.txBytes')
      .that.is.a('number');
    expect(await one(net.links.get('w0'))).to.not.have.any.keys('addresses', 'statistics');
  });

  it('writes many links in their order, with the failures apart', async () => {
    const specs: LinkSpec[] = [
      { name: 'w0', kind: 'bridge' },
      { name: 'w1', kind: 'ifb', master: 'w0' },
      { name: 'w0', kind: 'ifb' },
    ];
    const { written, failed } = await one(net.links.addMany(specs));
    expect([written, failed.map(({ index, error }) => [index, error.reason])]).to.deep.equal([2, [[2, 'exists']]]);
    expect(link('w1')).to.include({ master: 'w0' });
    expect(await countWrites(() => one(net.links.ensureMany(specs.slice(0, 2))))).to.equal(0);
    expect((await one(net.links.deleteMany(['w1', 'w0', 'w0']))).failed.map(({ error }) => error.reason)).to.deep.equal(['missing']);
  });

  it('rejects what the kernel would ignore, and what it cannot change', async () => {
    namespace().ip('link add w0 type vxlan id 5 dstport 4789');
    const kind = await failure(net.links.ensure({ name: 'w0', kind: 'bridge' }), 'unsupported');
    expect(kind.path).to.equal('kind');
    expect((await failure(net.links.change('w0', { kind: 'vxlan', vxlan: { id: 6 } }), 'unsupported')).path).to.equal('vxlan.id');
    const { changed } = await one(net.links.change('w0', { kind: 'vxlan', vxlan: { id: 6 } }, { recreate: true }));
    expect(changed.map(({ action }) => action)).to.deep.equal(['recreate']);
    expect(link('w0').linkinfo?.info_data).to.include({ id: 6, port: 4789 });
    await failure(net.links.delete('lo'), 'unsupported');
    await failure(net.links.ensure({ name: 'w5', mtu: 1400 }), 'missing');
    await failure(net.links.add({ name: 'w5', kind: 'tun' }), 'invalid');
    await failure(net.links.add({ name: 'w5', kind: 'macvlan' }), 'invalid');
    await failure(net.links.add({ name: 'w5', kind: 'macvlan', parent: 'nope' }), 'unknown-name');
    await failure(net.links.add({ name: 'w5', kind: 'no-such-kind' }), 'unsupported');
    await failure(net.links.change('w0', { name: 'w7' }), 'invalid');
    const other = { name: 'w5', kind: 'bridge', vxlan: { id: 5 } } as unknown as LinkSpec;
    expect((await failure(net.links.add(other), 'invalid')).path).to.equal('vxlan');
    const unicast = { name: 'w5', kind: 'vxlan', vxlan: { id: 5, group: '192.0.2.1' } } as const;
    expect((await failure(net.links.add(unicast), 'invalid')).message).to.include('use remote');
  });
});
