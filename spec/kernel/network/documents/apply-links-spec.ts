import { expect } from 'chai';
import type { DocumentLink, NetworkDocument } from '../../../../lib/network/documents/document.js';
import { failure, one, shown } from '../support.js';
import { useScene } from './support.js';

interface ShownLink {
  readonly ifname: string;
  readonly address: string;
  readonly mtu: number;
  readonly link?: string;
  readonly addr_info?: readonly { readonly local: string }[];
}

describe('network().apply: links', () => {
  const scene = useScene();

  /** Applies a document, and plans it again: nothing may differ. */
  async function apply(document: Omit<NetworkDocument, 'version'>): Promise<readonly string[]> {
    const { differences } = await one(scene().net.apply({ version: 1, ...document }));
    expect(await scene().lines(document)).to.deep.equal([]);
    return differences.map(({ text }) => text);
  }

  const links = (): readonly ShownLink[] => shown<ShownLink>(scene().namespace, 'ip -j addr');
  const link = (name: string): ShownLink | undefined => links().find(({ ifname }) => ifname === name);

  it('exchanges the names of links that are up, one of them an alternative name', async () => {
    scene().namespace.batch([
      'link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02',
      'link add v2 address 02:00:00:00:00:03 type veth peer name v3',
      'link property add dev v2 altname wan',
    ]);
    for (const name of ['v0', 'v1', 'v2']) scene().namespace.ip(`link set ${name} up`);
    await apply({
      links: [
        { name: 'v1', match: { mac: '02:00:00:00:00:01' } },
        { name: 'v0', match: { mac: '02:00:00:00:00:02' } },
        { name: 'wan', match: { mac: '02:00:00:00:00:03' }, mtu: 1400 },
      ],
    });
    expect(['v1', 'v0', 'wan'].map((name) => link(name)?.address)).to.deep.equal([
      '02:00:00:00:00:01',
      '02:00:00:00:00:02',
      '02:00:00:00:00:03',
    ]);
    expect(link('wan')?.mtu).to.equal(1400);
    expect(links().filter(({ ifname }) => ifname.startsWith('swap'))).to.deep.equal([]);
  });

  it('creates a link again on another parent, whose MTU it follows', async () => {
    scene().namespace.batch([
      'link add v0 type veth peer name v1',
      'link add v2 mtu 1400 type veth peer name v3',
      'link add m0 link v0 type macvlan mode private',
      'addr add 10.1.0.1/24 dev m0',
      'addr add 10.1.0.2/24 dev m0',
    ]);
    const lines = await apply({ links: [{ name: 'm0', kind: 'macvlan', parent: 'v2', addresses: ['10.1.0.1/24'] }] });
    expect(lines).to.deep.equal(['~ link m0: parent v0 -> v2 (deleted and created again)', '+ address 10.1.0.1/24 on m0']);
    const { mtu, link: parent, addr_info: addresses } = link('m0')!;
    expect([mtu, parent, addresses?.map(({ local }) => local)]).to.deep.equal([1400, 'v2', ['10.1.0.1']]);
  });

  it('gives the name of a deleted link of an owned group to another link', async () => {
    scene().namespace.batch([
      'link add v0 address 02:00:00:00:00:01 type veth peer name v1',
      'link add wan type bridge',
      'link set wan group 42',
    ]);
    await apply({ links: [{ name: 'wan', match: { mac: '02:00:00:00:00:01' } }], owns: { links: { group: 42 } } });
    expect([link('wan')?.address, link('v0')]).to.deep.equal(['02:00:00:00:00:01', undefined]);
  });

  it('moves a default route to another link while the old one is deleted', async () => {
    scene().namespace.batch([
      'link add v0 type veth peer name v1',
      'link add br0 type bridge',
      ...['v0', 'v1', 'br0'].map((name) => `link set ${name} up`),
      'addr add 10.1.0.1/24 dev br0',
      'route add default via 10.1.0.9 proto static',
    ]);
    await apply({
      links: [
        { name: 'br0', absent: true },
        { name: 'v0', addresses: ['10.2.0.1/24'] },
      ],
      routes: [{ to: 'default', via: '10.2.0.9' }],
    });
    expect(scene().namespace.ip('route show default').trim()).to.match(/^default via 10\.2\.0\.9 dev v0 proto static/);
    expect(link('br0')).to.equal(undefined);
  });

  it('exchanges a macvlan on a link for a bridge above it, and back', async () => {
    scene().namespace.batch(['link add v0 type veth peer name v1', 'link add br0 type bridge']);
    const macvlan = {
      links: [
        { name: 'v0', master: null },
        { name: 'm0', kind: 'macvlan', parent: 'v0' },
      ],
    };
    const port = {
      links: [
        { name: 'v0', master: 'br0' },
        { name: 'm0', absent: true },
      ],
    };
    for (const document of [macvlan, port, macvlan]) await apply(document as Omit<NetworkDocument, 'version'>);
  });

  it('exchanges a bridge that the document deletes for a macvlan on its port', async () => {
    const bridge = ['link add br0 type bridge', 'link set br0 group 42', 'link set v0 master br0'];
    scene().namespace.batch(['link add v0 type veth peer name v1', ...bridge]);
    const macvlan = { name: 'm0', kind: 'macvlan', parent: 'v0' } as const;
    expect(await apply({ links: [macvlan, { name: 'br0', absent: true }] })).to.deep.equal(['- link br0', '+ link m0']);
    scene().namespace.batch(['link del m0', ...bridge]);
    expect(await apply({ links: [macvlan], owns: { links: { group: 42 } } })).to.deep.equal(['- link br0', '+ link m0']);
  });

  it('rejects a macvlan on a link that is the port of a bridge, before the first write', async () => {
    scene().namespace.batch(['link add v0 type veth peer name v1', 'link add br0 type bridge']);
    const port = { name: 'v0', master: 'br0' } as const;
    const macvlan = { name: 'm0', kind: 'macvlan', parent: 'v0' } as const;
    const pathOf = async (...links: readonly DocumentLink[]): Promise<readonly (string | undefined)[]> => {
      const { path, message } = await failure(scene().net.plan({ version: 1, links }), 'conflict');
      return [path, message];
    };
    const text = 'm0 and br0 cannot both receive the packets of link v0: it is the parent of m0, and a port of br0';
    expect(await pathOf(port, macvlan)).to.deep.equal(['links[1].parent', `cannot plan document: links[1].parent: ${text}`]);
    scene().namespace.batch(['link set v0 master br0']);
    expect((await pathOf(macvlan))[0]).to.equal('links[0].parent');
    scene().namespace.batch(['link set v0 nomaster', 'link add m0 link v0 type macvlan']);
    expect((await pathOf(port))[0]).to.equal('links[0].master');
  });
});
