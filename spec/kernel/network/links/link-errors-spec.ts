import { expect } from 'chai';
import type { LinkPart, LinkSpec } from '../../../../lib/network/links/link.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { failure, one } from '../support.js';

describe('network().links, errors', () => {
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
    namespace().batch(['link add d0 type ifb', 'link add eth0 type ifb']);
  });
  after(() => net.close());

  it('rejects addresses that are text, and accepts those that were read', async () => {
    const addresses = ['10.9.9.1/24'];
    const text = 'addresses: written by net.addresses.ensure({ link, address })';
    const added = await failure(net.links.add({ name: 'd1', kind: 'ifb', addresses } as unknown as LinkSpec), 'invalid');
    expect([added.path, added.message]).to.deep.equal(['addresses', `cannot add link d1: ${text}`]);
    expect((await failure(net.links.change('d0', { addresses } as unknown as LinkPart), 'invalid')).path).to.equal('addresses');
    namespace().ip('addr add 10.9.9.1/24 dev d0');
    const read = await one(net.links.get('d0', { with: 'addresses' }));
    expect((await one(net.links.ensure(read as LinkSpec))).changed).to.deep.equal([]);
  });

  it('suggest the nearest name for a link that does not exist', async () => {
    for (const verb of [
      net.links.get('etho'),
      net.links.delete('etho'),
      net.links.change('etho', { up: true }),
      net.links.rename('etho', 'x0'),
    ])
      expect((await failure(verb, 'missing')).message).to.match(/^cannot \w+ link etho: it does not exist; did you mean eth0\?$/);
    expect((await failure(net.links.get('do'), 'missing')).message).to.include('did you mean d0?');
    expect((await failure(net.links.get({ index: 9999 }), 'missing')).message).to.equal('cannot get link index 9999: it does not exist');
  });

  it('name the verb that renames, and the one that accepts a link that exists', async () => {
    const changed = await failure(net.links.change('d0', { name: 'd1' }), 'invalid');
    expect(changed.message).to.equal('cannot change link d0: name: it identifies the link; use rename() to change it');
    const added = await failure(net.links.add({ name: 'd0', kind: 'ifb' }), 'exists');
    expect(added.message).to.match(/^cannot add link d0: a link with this name, .* exists; ensure\(\) .* \(EEXIST\)$/);
    const renamed = await failure(net.links.rename('d0', 'eth0'), 'exists');
    expect(renamed.message).to.match(/another link has the new name, .* \(EEXIST\)$/);
  });

  it('name the property for a MAC address that no driver accepts', async () => {
    namespace().ip('link add v0 type veth peer v1');
    for (const mac of ['01:00:00:00:00:01', '00:00:00:00:00:00']) {
      const error = await failure(net.links.change('v0', { mac }), 'invalid');
      expect([error.path, error.code]).to.deep.equal(['mac', 'EADDRNOTAVAIL']);
      expect(error.message).to.equal(
        'cannot change link v0: the link has no valid MAC address, or would get one; mac: the first byte must be even, and the address must not be zero (EADDRNOTAVAIL)',
      );
    }
  });

  it('name the master whose kind has no ports', async () => {
    namespace().ip('link add w0 type veth peer w1');
    const error = await failure(net.links.change('d0', { master: 'w0' }), 'unsupported');
    expect(error.message).to.equal(
      "cannot change link d0: master: w0 is of kind 'veth', which has no ports (EOPNOTSUPP); a bridge, bond, team or vrf has",
    );
    expect(error.path).to.equal('master');
  });

  it('name the remedy for a kind that the kernel does not know', async () => {
    const texts = { dumy: 'did you mean dummy?', tap: "kind 'tun' with tun: { mode: 'tap' }", quux: 'try `modprobe rtnl-link-quux`' };
    for (const [kind, text] of Object.entries(texts)) {
      const error = await failure(net.links.add({ name: 'd1', kind }), 'unsupported');
      expect([error.path, error.message.includes(text)], error.message).to.deep.equal(['kind', true]);
    }
  });

  it('name an unknown property of the target of a move, and do not move the link', async () => {
    namespace().ip('link add m0 type veth peer m1');
    const netns = namespace().path;
    const targets = [
      [{ netns, nme: 'm2' }, 'nme', 'nme: unknown property; did you mean name?'],
      [{ netns, up: true }, 'up', 'up: unknown property; there are netns, name'],
      [{ namespace: netns }, 'namespace', 'namespace: unknown property; did you mean netns?'],
      [{ name: 'm2' }, 'netns', 'netns: is required'],
    ] as const;
    for (const [target, path, text] of targets) {
      const error = await failure(net.links.move('m0', target as unknown as { netns: string }), 'invalid');
      expect([error.path, error.message]).to.deep.equal([path, `cannot move link m0: ${text}`]);
    }
    expect(namespace().ip('-br link show dev m0')).to.match(/^m0@m1 /);
  });
});
