import { expect } from 'chai';
import type { LinkSpec } from '../../../../lib/network/links/link.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { countWrites, failure, one, shown } from '../support.js';

/** Names that the kernel takes for formats, or does not accept. */
const WRONG: readonly string[] = ['zz%d', '%d', 'zz%', 'z%%z', '%s', 'zà', 'Р0', '😠'];

/** Names that the kernel accepts. */
const ACCEPTED: readonly string[] = ['zä', 'z\u2003z', '"z"', 'z*', '-z'];

const PEER = { kind: 'veth', veth: { peer: { name: 'q9' } } } as const;

describe('names of new links', () => {
  const namespace = useNamespace();
  let net: Network;
  const names = (): readonly unknown[] => shown(namespace(), 'ip -j link').map(({ ifname }) => ifname);
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add q0 type bridge', 'link add q1 type ifb']);
  });
  after(() => net.close());

  for (const name of WRONG) {
    it(`reject ${name} in each verb before a request`, async () => {
      const pair: LinkSpec = { name: 'q8', kind: 'veth', veth: { peer: { name } } };
      const verbs = [
        [net.links.add({ name, kind: 'bridge' }), 'name'],
        [net.links.ensure({ name, kind: 'bridge' }), 'name'],
        [net.links.add({ name, kind: 'vlan', parent: 'q1', vlan: { id: 5 } }), 'name'],
        [net.links.add({ name, kind: 'tun', tun: { mode: 'tun' } }), 'name'],
        [net.links.add({ name, netns: namespace().path, kind: 'bridge' }), 'name'],
        [net.links.add({ name, ...PEER }), 'name'],
        [net.links.add(pair), 'veth.peer.name'],
        [net.links.ensure(pair), 'veth.peer.name'],
        [net.links.rename('q0', name), 'name'],
        [net.links.move('q0', { netns: namespace().path, name }), 'name'],
        [net.plan({ version: 1, links: [{ name, kind: 'bridge' }] }), 'links[0].name'],
        [net.apply({ version: 1, links: [{ name: 'q7', kind: 'bridge' }, pair] }), 'links[1].veth.peer.name'],
        [net.apply({ version: 1, links: [{ name, match: { kind: 'bridge' } }] }), 'links[0].name'],
        [net.apply({ version: 1, links: [{ name, netns: namespace().path, kind: 'bridge' }] }), 'links[0].name'],
      ] as const;
      const before = names();
      const count = await countWrites(async () => {
        for (const [verb, path] of verbs) {
          const error = await failure(verb, 'invalid');
          expect(error.path).to.equal(path);
          expect(error.message).to.include(`'${name}' is not a valid name for a link`);
        }
        for (const verb of [net.links.addMany([{ name, kind: 'bridge' }, pair]), net.links.ensureMany([{ name, kind: 'bridge' }, pair])])
          expect((await one(verb)).failed.map(({ index, error }) => [index, error.reason])).to.deep.equal([
            [0, 'invalid'],
            [1, 'invalid'],
          ]);
      });
      expect(count).to.equal(0);
      expect(names()).to.deep.equal(before);
    });
  }

  for (const name of ACCEPTED) {
    it(`accept ${JSON.stringify(name)}`, async () => {
      await one(net.links.add({ name, kind: 'bridge' }));
      expect(names()).to.include(name);
      expect((await one(net.links.ensure({ name, kind: 'bridge' }))).changed).to.deep.equal([]);
      await one(net.links.delete(name));
    });
  }

  it('leave alternative names alone, which the kernel keeps as they are written', async () => {
    const altnames = ['a%d', 'à'];
    await one(net.links.change('q0', { altnames }));
    expect(shown(namespace(), 'ip -j link show dev q0')[0]!['altnames']).to.deep.equal(altnames);
    for (const name of altnames) expect((await one(net.links.ensure({ name, kind: 'bridge' }))).changed).to.deep.equal([]);
    await failure(net.links.add({ name: 'a%d', kind: 'bridge' }), 'invalid');
  });
});
