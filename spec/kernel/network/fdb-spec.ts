import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { useNamespace } from '../../support/namespace.js';
import { usePrograms } from '../../support/programs.js';
import { countWrites, failure, one, shown } from './support.js';

interface ShownEntry {
  readonly mac: string;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly [property: string]: unknown;
}

const MAC = '02:00:00:00:00:07';
const FLOOD = '00:00:00:00:00:00';

describe('network().fdb', () => {
  usePrograms('bridge');
  const namespace = useNamespace();
  let net: Network;

  const judge = (mac: string) => shown<ShownEntry>(namespace(), 'bridge -d -j fdb show').filter((row) => row.mac === mac);

  before(() => {
    namespace().batch([
      'link add br0 type bridge',
      'link add v0 type veth peer v1',
      'link set v0 master br0 up',
      'link set v1 up',
      'link set br0 up',
      'link add vx0 type vxlan id 42 dstport 4789 local 127.0.0.1',
      'link add vx6 type vxlan id 43 dstport 4790 local ::1',
      'link set vx0 up',
    ]);
    net = network({ netns: namespace().path });
  });
  after(() => net.close());

  const CASES = [
    [
      { link: 'v0', mac: MAC },
      { ifname: 'v0', master: 'br0', state: 'static' },
    ],
    [{ link: 'v0', mac: MAC, state: 'permanent' }, { state: 'permanent' }],
    [{ link: 'v0', mac: MAC, state: 'static', sticky: true }, { state: 'static' }],
    [
      { link: 'vx0', mac: MAC, remote: '192.0.2.1' },
      { ifname: 'vx0', dst: '192.0.2.1' },
    ],
    [{ link: 'vx6', mac: MAC, remote: 'fd00::5' }, { dst: 'fd00::5' }],
    [{ link: 'vx0', mac: MAC, remote: '192.0.2.1', state: 'static' }, { state: 'static' }],
    [
      { link: 'vx0', mac: MAC, remote: '192.0.2.1', port: 9999, vni: 7 },
      { port: 9999, vni: 7 },
    ],
    [{ link: 'vx0', mac: MAC, remote: '192.0.2.1', via: 'v1' }, { viaIf: 'v1' }],
  ] as const;

  for (const [spec, expected] of CASES) {
    it(`writes ${JSON.stringify(spec)} as bridge reads it, and nothing the second time`, async () => {
      const made = await one(net.fdb.ensure(spec));
      expect(made.changed.map(({ action }) => action)).to.deep.equal(['add']);
      expect(judge(MAC)[0]).to.deep.include(expected);
      expect(await countWrites(() => one(net.fdb.ensure(spec)))).to.equal(0);
      expect(await countWrites(() => one(net.fdb.ensure(made.object)))).to.equal(0);
      await one(net.fdb.delete(made.object));
      expect(judge(MAC)).to.deep.equal([]);
    });
  }

  it('moves a remote of a VXLAN entry in place', async () => {
    await one(net.fdb.add({ link: 'vx0', mac: MAC, remote: '192.0.2.1' }));
    const { changed } = await one(net.fdb.ensure({ link: 'vx0', mac: MAC, remote: '192.0.2.2' }));
    expect(changed.map(({ text }) => text)).to.deep.equal([`~ forwarding entry ${MAC} on vx0 to 192.0.2.2: remote 192.0.2.1 -> 192.0.2.2`]);
    expect(judge(MAC).map(({ dst }) => dst)).to.deep.equal(['192.0.2.2']);
    await one(net.fdb.delete({ link: 'vx0', mac: MAC }));
  });

  it('keeps several endpoints of the entry for unknown receivers', async () => {
    for (const remote of ['192.0.2.1', '192.0.2.2']) await one(net.fdb.ensure({ link: 'vx0', mac: FLOOD, remote }));
    expect(judge(FLOOD).map(({ dst }) => dst)).to.have.members(['192.0.2.1', '192.0.2.2']);
    expect(await countWrites(() => one(net.fdb.ensure({ link: 'vx0', mac: FLOOD, remote: '192.0.2.2' })))).to.equal(0);
    expect((await failure(net.fdb.get({ link: 'vx0', mac: FLOOD }), 'ambiguous')).message).to.include('192.0.2.1');
    await one(net.fdb.delete({ link: 'vx0', mac: FLOOD, remote: '192.0.2.1' }));
    expect(judge(FLOOD).map(({ dst }) => dst)).to.deep.equal(['192.0.2.2']);
  });

  it('reads the entries that bridge lists', async () => {
    namespace().run('bridge', 'fdb', 'add', MAC, 'dev', 'v0', 'master', 'static');
    const own = await one(net.fdb.list());
    const listed = shown<ShownEntry>(namespace(), 'bridge -j fdb show').map(({ mac, ifname }) => `${mac} ${ifname}`);
    expect(own.map(({ mac, link }) => `${mac} ${link}`)).to.have.members(listed);
    expect(own.find(({ mac }) => mac === MAC)).to.deep.include({ link: 'v0', bridge: 'br0', on: 'bridge', state: 'static' });
    await one(net.fdb.deleteMany([{ link: 'v0', mac: MAC, on: 'bridge' }]));
  });

  it('writes an entry of a bridge itself', async () => {
    const made = await one(net.fdb.ensure({ link: 'br0', mac: MAC, on: 'device' }));
    // A kernel whose bridges have VLANs adds it to VLAN 1 too.
    const shownEntries = judge(MAC).map(({ ifname, master, state }) => `${ifname} ${String(master)} ${String(state)}`);
    expect([...new Set(shownEntries)]).to.deep.equal(['br0 br0 permanent']);
    expect(await countWrites(() => one(net.fdb.ensure(made.object)))).to.equal(0);
    await one(net.fdb.delete(made.object));
    expect(judge(MAC)).to.deep.equal([]);
  });

  it('refuses the properties of a tunnel on other links, which would ignore them', async () => {
    const spec = { link: 'br0', mac: MAC, remote: '192.0.2.1' };
    const error = await failure(net.fdb.add(spec), 'invalid');
    expect(error.message).to.equal(
      `cannot add forwarding entry ${MAC} on br0 to 192.0.2.1: remote: only entries of a VXLAN link have it, and 'br0' is a link of another kind`,
    );
    const { written, failed } = await one(net.fdb.addMany([spec, { ...spec, link: 'vx0' }]));
    expect([written, ...failed.map(({ error: { path } }) => path)]).to.deep.equal([1, 'remote']);
    expect(judge(MAC).map(({ ifname }) => ifname)).to.deep.equal(['vx0']);
    await one(net.fdb.delete({ link: 'vx0', mac: MAC }));
  });

  it('signals wrong data with the path', async () => {
    const wrong = [
      [{ link: 'v0', mac: MAC, on: 'bridge', remote: '192.0.2.1' }, 'remote'],
      [{ link: 'vx0', mac: MAC, remote: '192.0.2.1', sticky: true }, 'sticky'],
      [{ link: 'v0', mac: MAC, vlan: 4095 }, 'vlan'],
      [{ link: 'v0' }, 'mac'],
      [{ link: 'v0', mac: MAC, state: 'statick' }, 'state'],
    ] as const;
    for (const [spec, path] of wrong) expect((await failure(net.fdb.add(spec as never), 'invalid')).path).to.equal(path);
    expect((await failure(net.fdb.add({ link: 'v1', mac: MAC }), 'unsupported')).message).to.include("'v1' is not a port of a bridge");
  });
});
