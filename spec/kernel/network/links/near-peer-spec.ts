import { expect } from 'chai';
import type { NetworkDocument } from '../../../../lib/network/documents/document.js';
import type { LinkPeer } from '../../../../lib/network/links/kinds/pairs/peer.js';
import type { LinkSpec } from '../../../../lib/network/links/link.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { countWrites, failure, one, shown } from '../support.js';

const WANTED = { mtu: 1280, up: true, mac: '02:00:00:00:00:77' } as const;

/** A pair with properties of its peer. */
function pair(peer: Partial<LinkPeer>): LinkSpec {
  return { name: 'p0', kind: 'veth', veth: { peer: { name: 'p1', ...peer } } };
}

function documentOf(...links: readonly LinkSpec[]): NetworkDocument {
  return { version: 1, links };
}

describe('network().links and the peer of a pair in the same namespace', () => {
  const namespace = useNamespace();
  const elsewhere = useNamespace();
  let net: Network;
  const peer = (): object => {
    const { mtu, flags, address } = shown(namespace(), 'ip -j link show p1')[0]!;
    return { mtu, up: (flags as readonly string[]).includes('UP'), mac: address };
  };

  beforeEach(() => {
    net = network({ netns: namespace().path });
    namespace().ip('link add p0 type veth peer name p1');
  });
  afterEach(() => {
    net.close();
    namespace().run('sh', '-c', 'ip link del p0 2>/dev/null || true');
  });

  const verbs: Readonly<Record<string, (given: Partial<LinkPeer>) => Promise<unknown>>> = {
    ensure: (given) => one(net.links.ensure(pair(given))),
    change: (given) => one(net.links.change('p0', pair(given))),
    ensureMany: async (given) => expect((await one(net.links.ensureMany([pair(given)]))).failed).to.deep.equal([]),
    apply: (given) => one(net.apply(documentOf(pair(given)))),
  };
  for (const [verb, write] of Object.entries(verbs)) {
    it(`are compared and written by ${verb}, and not the second time`, async () => {
      await write(WANTED);
      expect(peer()).to.deep.equal(WANTED);
      expect(await countWrites(() => write(WANTED))).to.equal(0);
      for (const [name, value] of Object.entries({ mtu: 1400, up: false, mac: '02:00:00:00:00:78' })) {
        await write({ [name]: value });
        expect(peer()).to.include({ [name]: value });
      }
      const before = peer();
      expect(await countWrites(() => write({}))).to.equal(0);
      expect(peer()).to.deep.equal(before);
    });
  }

  it('are in the plan, which is empty when the peer is as wanted', async () => {
    const lines = async (document: NetworkDocument): Promise<string> => (await one(net.plan(document))).text;
    expect(await lines(documentOf(pair({ mtu: 1280, up: true })))).to.equal(
      '~ link p0: veth.peer.mtu 1500 -> 1280, veth.peer.up false -> true',
    );
    namespace().ip('link set p1 mtu 1280 up');
    expect(await lines(documentOf(pair({ mtu: 1280, up: true })))).to.equal('');
    // The names of a plan are those that links get.
    namespace().ip('link set p1 mtu 1300');
    const match = { mac: shown(namespace(), 'ip -j link show p1')[0]!['address'] as string };
    const renamed = { ...pair({ name: 'p2', mtu: 1280 }), name: 'p0' };
    const plan = await lines({ version: 1, links: [renamed, { name: 'p2', match }] });
    expect(plan).to.include('veth.peer.mtu 1300 -> 1280');
    await one(net.apply({ version: 1, links: [renamed, { name: 'p2', match }] }));
    expect(shown(namespace(), 'ip -j link show p2')[0]).to.include({ mtu: 1280 });
  });

  it('are restored when the document fails', async () => {
    const before = peer();
    namespace().ip('link add e0 type ifb');
    // The driver accepts no address; p1 has changed before.
    const document = documentOf(pair(WANTED), { name: 'e0', mac: '01:00:00:00:00:01' });
    const writes = await countWrites(() => failure(net.apply(document), 'unsupported'));
    expect(writes).to.be.above(2);
    expect(peer()).to.deep.equal(before);
  });

  it('must not contradict the entry of the peer', async () => {
    for (const [name, one, two] of [
      ['mtu', 1280, 1400],
      ['up', true, false],
      ['mac', '02:00:00:00:00:77', '02:00:00:00:00:78'],
    ] as const) {
      const error = await failure(net.plan(documentOf(pair({ [name]: one }), { name: 'p1', [name]: two })), 'conflict');
      expect(error.path).to.equal(`links[1].${name}`);
      expect(error.message).to.include(`and the link is the peer of p0, whose peer.${name} is `);
    }
    await one(net.apply(documentOf(pair({ mtu: 1280 }), { name: 'p1', mtu: 1280, up: true })));
    expect(peer()).to.include({ mtu: 1280, up: true });
  });

  it('are an error when the peer is in a namespace that the pair does not name', async () => {
    namespace().ip(`link set p1 netns ${elsewhere().name ?? /\d+/.exec(elsewhere().path)![0]}`);
    for (const [verb, path] of [
      [net.links.ensure(pair({ mtu: 1280 })), 'veth.peer.mtu'],
      [net.plan(documentOf(pair({ mtu: 1280 }))), 'links[0].veth.peer.mtu'],
    ] as const) {
      const error = await failure(verb, 'unsupported');
      expect(error.path).to.equal(path);
      expect(error.message).to.match(/the peer is in another network namespace .*; name it with peer\.netns, or omit mtu/);
    }
    expect((await one(net.links.ensure(pair({})))).changed).to.deep.equal([]);
    expect((await one(net.links.ensure(pair({ netns: elsewhere().path, mtu: 1280 })))).changed).to.have.length(1);
  });
});
