import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { useNamespace } from '../../support/namespace.js';
import { countWrites, failure, one, shown } from './support.js';

interface ShownNeighbour {
  readonly dst: string;
  readonly state?: readonly string[];
  readonly [property: string]: unknown;
}

const MAC = '02:00:00:00:00:07';

describe('network().neighbours', () => {
  const namespace = useNamespace();
  let net: Network;

  const judge = (dst: string, line = 'ip -d -j neigh show nud all') =>
    shown<ShownNeighbour>(namespace(), line).find((row) => row.dst === dst);

  before(() => {
    namespace().batch([
      'link add v0 type veth peer v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.0.0.1/24 dev v0',
      'addr add fd00::1/64 dev v0 nodad',
    ]);
    net = network({ netns: namespace().path });
  });
  beforeEach(() => {
    for (const line of ['neigh flush dev v0 nud all', '-6 neigh flush dev v0 nud all']) namespace().ip(line);
  });
  after(() => net.close());

  const CASES = [
    [
      { address: '10.0.0.9', mac: MAC },
      { lladdr: MAC, state: ['PERMANENT'] },
    ],
    [
      { address: 'fd00::9', mac: MAC },
      { lladdr: MAC, state: ['PERMANENT'] },
    ],
    [{ address: 'fd00::9', mac: MAC, router: true }, { router: null }],
    [{ address: '10.0.0.9', mac: MAC, state: 'stale' }, { state: ['STALE'] }],
    [{ address: '10.0.0.9', mac: MAC, state: 'noarp' }, { state: ['NOARP'] }],
    [{ address: '10.0.0.9', mac: MAC, external: true }, { extern_learn: null }],
    [{ address: '10.0.0.9', mac: MAC, protocol: 'bgp' }, { protocol: 'bgp' }],
    [{ address: '10.0.0.9', mac: MAC, protocol: 200 }, { protocol: '200' }],
  ] as const;

  for (const [fields, expected] of CASES) {
    it(`writes ${JSON.stringify(fields)} as ip reads it, and nothing the second time`, async () => {
      const spec = { link: 'v0', ...fields };
      const { object, changed } = await one(net.neighbours.ensure(spec));
      expect(changed.map(({ action }) => action)).to.deep.equal(['add']);
      expect(judge(fields.address)).to.deep.include(expected);
      expect(await countWrites(() => one(net.neighbours.ensure(spec)))).to.equal(0);
      expect(await countWrites(() => one(net.neighbours.ensure(object)))).to.equal(0);
      await one(net.neighbours.delete(object));
      expect(judge(fields.address)?.state ?? ['FAILED']).to.deep.equal(['FAILED']);
    });
  }

  for (const [address, link] of [
    ['10.0.0.20', 'v0'],
    ['fd00::20', 'v0'],
    ['10.0.0.21', undefined],
  ] as const) {
    it(`writes a proxy for ${address} ${link === undefined ? 'on all links' : `on ${link}`}, and nothing the second time`, async () => {
      const spec = { ...(link !== undefined && { link }), address, proxy: true };
      const { object } = await one(net.neighbours.ensure(spec));
      const line = `ip ${address.includes(':') ? '-6 ' : ''}-d -j neigh show proxy`;
      expect(judge(address, line)?.['dev'] ?? undefined).to.equal(link);
      expect(await countWrites(() => one(net.neighbours.ensure(spec)))).to.equal(0);
      expect((await one(net.neighbours.list({ proxy: true }))).map((entry) => entry.address)).to.deep.equal([address]);
      await one(net.neighbours.delete(object));
      expect(judge(address, line)).to.equal(undefined);
    });
  }

  it('keeps a proxy and an ordinary entry of one address apart', async () => {
    await one(net.neighbours.add({ link: 'v0', address: '10.0.0.9', mac: MAC }));
    await one(net.neighbours.add({ link: 'v0', address: '10.0.0.9', proxy: true }));
    expect((await one(net.neighbours.get({ link: 'v0', address: '10.0.0.9' }))).mac).to.equal(MAC);
    expect((await one(net.neighbours.get({ link: 'v0', address: '10.0.0.9', proxy: true }))).mac).to.equal(undefined);
    await one(net.neighbours.delete({ link: 'v0', address: '10.0.0.9', proxy: true }));
    expect(judge('10.0.0.9')?.state).to.deep.equal(['PERMANENT']);
  });

  it('reads what ip wrote', async () => {
    namespace().batch([
      `neigh add 10.0.0.8 lladdr ${MAC} dev v0 nud permanent`,
      `neigh add fd00::8 lladdr ${MAC} dev v0 nud stale router protocol zebra`,
    ]);
    const linkIndex = shown<{ readonly ifindex: number }>(namespace(), 'ip -j link show v0')[0]!.ifindex;
    expect(await one(net.neighbours.list({ link: 'v0' }))).to.have.deep.members([
      { link: 'v0', linkIndex, address: '10.0.0.8', family: 4, mac: MAC, state: 'permanent' },
      { link: 'v0', linkIndex, address: 'fd00::8', family: 6, mac: MAC, state: 'stale', router: true, protocol: 'zebra' },
    ]);
  });

  it('keeps the router flag, which the kernel resets when a change omits it', async () => {
    await one(net.neighbours.add({ link: 'v0', address: 'fd00::9', mac: MAC, router: true }));
    const { changed } = await one(net.neighbours.change({ link: 'v0', address: 'fd00::9' }, { mac: '02:00:00:00:00:08' }));
    expect(changed[0]!.text).to.equal(`~ neighbour fd00::9 on v0: mac ${MAC} -> 02:00:00:00:00:08`);
    expect(judge('fd00::9')).to.deep.include({ lladdr: '02:00:00:00:00:08', router: null });
  });

  it('writes and deletes many entries', async () => {
    const specs = Array.from({ length: 300 }, (_, index) => ({ link: 'v0', address: `10.0.${index >> 8}.${index & 255}`, mac: MAC })).slice(
      2,
    );
    expect((await one(net.neighbours.addMany(specs))).written).to.equal(298);
    expect(await one(net.neighbours.ensureMany(specs))).to.deep.equal({ written: 0, failed: [] });
    expect(shown(namespace(), 'ip -j neigh show nud permanent')).to.have.length(298);
    expect(await one(net.neighbours.deleteMany(specs))).to.deep.equal({ written: 298, failed: [] });
  });

  it('rejects a MAC address of another length in a change and in a document', async () => {
    const [address, long] = ['10.0.0.9', '02:00:00:00:00:01:02:03'];
    const text = `expected a MAC address such as '02:00:00:00:00:01', not '${long}'`;
    await one(net.neighbours.add({ link: 'v0', address, mac: MAC }));
    const changed = await failure(net.neighbours.change({ link: 'v0', address }, { mac: long }), 'invalid');
    expect(changed.message).to.equal(`cannot change neighbour 10.0.0.9 on v0: mac: ${text}`);
    const many = await one(net.neighbours.addMany([{ link: 'v0', address: '10.0.0.10', mac: long }]));
    expect(many.failed[0]!.error.path).to.equal('mac');
    for (const link of [{ name: 'v0' }, { name: 'new0', kind: 'dummy' }] as const) {
      const error = await failure(
        net.plan({ version: 1, links: [{ ...link, neighbours: [{ address: '10.0.0.11', mac: long }] }] }),
        'invalid',
      );
      expect([error.path, error.message.includes(text)], error.message).to.deep.equal(['links[0].neighbours[0].mac', true]);
    }
    expect(judge(address)).to.include({ lladdr: MAC });
  });

  it('signals wrong data with the path', async () => {
    const wrong = [
      [{ address: '10.0.0.9', mac: MAC }, 'link', 'is required; only an IPv4 proxy entry may omit it'],
      [{ link: 'v0', address: '10.0.0.9' }, 'mac', 'is required for an entry in state permanent'],
      [{ link: 'v0', address: '10.0.0.9', proxy: true, mac: MAC }, 'mac', 'a proxy entry has none; the kernel ignores it'],
      [{ address: 'fd00::9', proxy: true }, 'link', 'only an IPv4 proxy entry may omit it'],
      [{ link: 'v0', address: '10.0.0.9', mac: 'zz' }, 'mac', "expected a MAC address such as '02:00:00:00:00:01', not 'zz'"],
      [{ link: 'v0', address: '10.0.0.9', mac: '02:00' }, 'mac', "expected a MAC address such as '02:00:00:00:00:01', not '02:00'"],
      [{ link: 'v0', address: '10.0.0.9', mac: '02:00:00:00:00:01:02:03' }, 'mac', "not '02:00:00:00:00:01:02:03'"],
      [{ link: 'v0', address: '10.0.0.9', mac: '0a:00:00:01' }, 'mac', "not '10.0.0.1'"],
      [{ link: 'v0', address: '10.0.0.9', mac: MAC, state: 'permanet' }, 'state', 'did you mean permanent?'],
    ] as const;
    for (const [spec, path, text] of wrong) {
      const error = await failure(net.neighbours.add(spec as never), 'invalid');
      expect([error.path, error.message]).to.deep.equal([path, error.message]);
      expect(error.message).to.include(text);
    }
    expect(
      (await failure(net.neighbours.add({ link: 'v0', address: '10.0.0.9', mac: MAC, protocol: 'bgq' }), 'unknown-name')).message,
    ).to.include('did you mean bgp?');
    expect((await failure(net.neighbours.delete({ link: 'v0', address: '10.0.0.99' }), 'missing')).message).to.equal(
      'cannot delete neighbour 10.0.0.99 on v0: it does not exist',
    );
  });
});
