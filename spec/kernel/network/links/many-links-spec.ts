import { expect } from 'chai';
import type { LinkSpec } from '../../../../lib/network/links/link.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../support/namespace.js';
import { countWrites, one, onSend, shown } from '../support.js';

interface IpLink {
  readonly ifname: string;
  readonly mtu: number;
  readonly master?: string;
  readonly ifalias?: string;
  readonly flags: readonly string[];
  readonly link?: string;
}

/** The last bits of a request that reads (uapi/linux/rtnetlink.h). */
const GET = 2;

const COUNT = 12;

describe('verbs on many links', function () {
  this.timeout(30_000);
  // Skips the specs if no namespace can be made; each spec has one of its own.
  useNamespace();
  let namespace: Namespace;
  let net: Network;
  beforeEach(() => {
    namespace = createNamespace();
    net = network({ netns: namespace.path });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  const links = (): readonly IpLink[] => shown<IpLink>(namespace, 'ip -d -j link');
  const link = (name: string): IpLink | undefined => links().find(({ ifname }) => ifname === name);

  const ports = (count: number): LinkSpec[] =>
    Array.from({ length: count }, (_, index) => ({ name: `p${index}`, kind: 'bridge', mtu: 1400, up: true, alias: `port ${index}` }));

  it('creates links with all of their properties, and reads only whole tables', async () => {
    const reads: boolean[] = [];
    const end = onSend(({ type, isDump }) => {
      if ((type & 3) === GET) reads.push(isDump);
    });
    expect(await one(net.links.addMany(ports(COUNT)))).to.deep.equal({ written: COUNT, failed: [] });
    end();
    expect(reads).to.include(true).and.not.include(false);
    // Linux 5.10 reads each table twice, because it omits settings.
    expect(reads.length).to.be.at.most(4);
    const found = links().filter(({ ifname }) => ifname !== 'lo');
    expect(found.map(({ ifname, mtu, ifalias, flags }) => [ifname, mtu, ifalias, flags.includes('UP')])).to.deep.equal(
      ports(COUNT).map(({ name, alias }) => [name, 1400, alias, true]),
    );
    expect(await countWrites(() => one(net.links.ensureMany(ports(COUNT))))).to.equal(0);
    expect(await one(net.links.deleteMany(ports(COUNT).map(({ name }) => name)))).to.deep.equal({ written: COUNT, failed: [] });
    expect(links().map(({ ifname }) => ifname)).to.deep.equal(['lo']);
  });

  it('creates the master and the peers before the links that name them', async () => {
    const pairs = Array.from({ length: 10 }, (_, index): LinkSpec[] => [
      { name: `v${index}`, kind: 'veth', master: 'b0', up: true, veth: { peer: { name: `w${index}` } } },
      { name: `w${index}`, kind: 'veth', veth: { peer: { name: `x${index}` } } },
    ]).flat();
    const { written, failed } = await one(net.links.addMany([{ name: 'b0', kind: 'bridge' }, ...pairs]));
    expect(written).to.equal(11);
    expect(failed.map(({ index, error }) => [index, error.reason])).to.deep.equal(
      Array.from({ length: 10 }, (_, index) => [2 * index + 2, 'exists']),
    );
    expect(link('v7')).to.include({ master: 'b0', link: 'w7' });
  });

  it('gives each link the error of the single verb, and deletes a link of which a later request fails', async () => {
    namespace.ip('link add p3 type bridge');
    const specs: LinkSpec[] = [
      ...ports(10),
      // A port of a port: the kernel rejects it after the link exists.
      { name: 'loop', kind: 'bridge', master: 'p3' },
      { name: 'lost', kind: 'bridge', master: 'nothing' },
      { name: 'p1', kind: 'bridge' },
      { name: 'much', kind: 'bridge', mtu: 5 },
    ];
    const failures = (many: { readonly failed: readonly { readonly index: number; readonly error: Error }[] }): unknown[] =>
      many.failed.map(({ index, error }) => [index, error.message]);
    const { written, failed } = await one(net.links.addMany(specs));
    const single = await Promise.all(
      [3, 10, 11, 12, 13].map((index) =>
        one(net.links.add(specs[index]!)).then(
          () => [index],
          (error: unknown) => [index, (error as Error).message],
        ),
      ),
    );
    expect(failures({ failed })).to.deep.equal(single);
    expect(written).to.equal(9);
    expect(link('loop')).to.equal(undefined);
  });

  it('changes the links that differ, and creates the others', async () => {
    namespace.ip('link add p2 mtu 1300 type bridge');
    namespace.ip('link add p5 mtu 1400 alias wrong type bridge');
    expect(await one(net.links.ensureMany(ports(12)))).to.deep.equal({ written: 12, failed: [] });
    expect([link('p2')!.mtu, link('p5')!.ifalias]).to.deep.equal([1400, 'port 5']);
    expect(await one(net.links.ensureMany(ports(12)))).to.deep.equal({ written: 0, failed: [] });
    expect(await one(net.links.ensureMany(ports(12).map(({ name }) => ({ name, mtu: 1350 }))))).to.include({ written: 12 });
    expect(link('p11')!.mtu).to.equal(1350);
  });

  it('deletes pairs by both names, and names what is gone', async () => {
    const pairs = Array.from({ length: 5 }, (_, index): LinkSpec => ({
      name: `v${index}`,
      kind: 'veth',
      veth: { peer: { name: `w${index}` } },
    }));
    await one(net.links.addMany(pairs));
    const keys = pairs.flatMap(({ name }) => [name, name.replace('v', 'w')]);
    const { written, failed } = await one(net.links.deleteMany([...keys, 'never']));
    expect(written).to.equal(5);
    expect(failed.map(({ error }) => error.message)).to.deep.equal(
      ['w0', 'w1', 'w2', 'w3', 'w4', 'never'].map((name) => `cannot delete link ${name}: it does not exist`),
    );
  });
});
