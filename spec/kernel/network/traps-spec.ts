import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { failure, one, shown } from './support.js';

describe('peculiarities of the kernel, seen through network()', () => {
  const namespace = useNamespace();
  const elsewhere = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
  });
  after(() => net?.close());
  beforeEach(() => namespace().batch(['link add w0 type ifb', 'link set w0 up', 'addr add 10.0.0.1/24 dev w0', 'link add w1 type ifb']));
  afterEach(() => {
    for (const { ifname } of shown<{ readonly ifname: string }>(namespace(), 'ip -j link'))
      // The other end of a pair is gone with the first.
      if (ifname !== 'lo' && ifname !== 'v1') namespace().ip(`link del ${ifname}`);
  });

  describe('links', () => {
    it('are up although their operational state is unknown', async () => {
      expect(await one(net.links.get('w0'))).to.include({ up: true, state: 'unknown' });
    });

    it('get settings of IPv6 with the MTU that IPv6 needs', async () => {
      namespace().ip('link set w0 mtu 1200');
      await one(net.links.change('w0', { mtu: 1500, ipv6: { addressGeneration: 'none' } }));
      expect(shown<{ readonly mtu: number }>(namespace(), 'ip -j link show w0')[0]!.mtu).to.equal(1500);
      // IN6_ADDR_GEN_MODE_NONE; ip does not show it on Linux 5.10.
      expect(namespace().run('cat', '/proc/sys/net/ipv6/conf/w0/addr_gen_mode').trim()).to.equal('1');
    });

    it('exchange their names through a third one only', async () => {
      namespace().ip('link set w0 down');
      await failure(net.links.rename('w0', 'w1'), 'exists');
      await one(net.links.rename('w0', 'w2'));
      await one(net.links.rename('w1', 'w0'));
      expect((await one(net.links.rename('w2', 'w1'))).name).to.equal('w1');
    });

    it('do not get an alternative name that another link has', async () => {
      await one(net.links.change('w0', { altnames: ['other'] }));
      await failure(net.links.change('w1', { altnames: ['other'] }), 'exists');
      await failure(net.links.add({ name: 'other', kind: 'ifb' }), 'exists');
    });

    it('of kind macvlan have no MTU above that of their parent', async () => {
      namespace().ip('link add b0 type bridge');
      await failure(net.links.add({ name: 'm0', kind: 'macvlan', parent: 'b0', mtu: 9000, macvlan: { mode: 'bridge' } }), 'invalid');
      expect(await one(net.links.find('m0'))).to.equal(undefined);
    });

    it('of kind bridge accept vlanFiltering: false where the kernel has no VLANs of bridges', async () => {
      expect((await one(net.links.add({ name: 'b0', kind: 'bridge', bridge: { vlanFiltering: false } }))).name).to.equal('b0');
    });

    it('do not move to where one of their alternative names is taken', async function () {
      namespace().ip('link property add dev w0 altname another');
      elsewhere().batch(['link add x0 type ifb', 'link property add dev x0 altname another']);
      const target = elsewhere().name ?? /\d+/.exec(elsewhere().path)![0];
      try {
        namespace().ip(`link set w0 netns ${target} name x1`);
        skipBecause(this, 'this kernel moves a link to where its alternative name is taken');
      } catch (error) {
        if (!/exists/i.test(String(error))) throw error;
      }
      await failure(net.links.move('w0', { netns: elsewhere().path, name: 'x1' }), 'exists');
      expect((await one(net.links.get('w0'))).altnames).to.deep.equal(['another']);
      elsewhere().ip('link del x0');
    });
  });

  describe('addresses', () => {
    it('are secondary if the subnet has one, and go with the primary one', async () => {
      const second = await one(net.addresses.add({ link: 'w0', address: '10.0.0.2/24' }));
      expect(second.secondary).to.equal(true);
      await one(net.addresses.delete({ link: 'w0', address: '10.0.0.1/24' }));
      expect(await one(net.addresses.ensureAbsent(second))).to.equal(false);
      expect((await failure(net.addresses.delete(second), 'missing')).message).to.include('does not exist');
    });

    it('of one subnet have one scope', async () => {
      await failure(net.addresses.add({ link: 'w0', address: '10.0.0.2/24', scope: 'link' }), 'invalid');
    });

    it('are accepted by a link that is down', async () => {
      await one(net.addresses.add({ link: 'w1', address: '10.1.0.1/24' }));
      expect(await one(net.routes.list({ link: 'w1', protocol: 'kernel', table: 'main' }))).to.deep.equal([]);
      await one(net.links.change('w1', { up: true }));
      expect((await one(net.routes.list({ link: 'w1', protocol: 'kernel', table: 'main', family: 4 }))).map(({ to }) => to)).to.deep.equal([
        '10.1.0.0/24',
      ]);
    });
  });

  describe('routes', () => {
    it('have no source address that is tested for duplicates', async () => {
      namespace().ip('link add v0 type veth peer name v1');
      namespace().run('sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/v0/accept_dad');
      namespace().batch(['link set v0 up', 'link set v1 up', 'addr add fd01::1/64 dev v0']);
      const route = { to: 'fd09::/32', via: 'fd01::9', source: 'fd01::1' };
      expect((await failure(net.routes.add(route), 'invalid')).message).to.include('Invalid source address');
      await one(net.links.until('v0', { address: 'fd01::1', settled: true, timeout: '10s' }));
      expect(await one(net.routes.add(route))).to.include({ source: 'fd01::1', link: 'v0' });
    });

    it('have no gateway behind another gateway, in both versions', async () => {
      namespace().ip('addr add fd00::1/64 dev w0 nodad');
      await one(net.routes.add({ to: '10.9.0.0/16', via: '10.0.0.9' }));
      await failure(net.routes.add({ to: '10.8.0.0/16', via: '10.9.0.1' }), 'unreachable');
      await one(net.routes.add({ to: 'fd09::/32', via: 'fd00::9' }));
      await failure(net.routes.add({ to: 'fd08::/32', via: 'fd09::1' }), 'unreachable');
    });

    it('of IPv6 have no hop without a gateway', async () => {
      const hops = [{ link: 'w0' }, { link: 'w1' }];
      const error = await failure(net.routes.add({ to: 'fd09::/32', hops }), 'invalid');
      expect(error.message).to.include('Device only routes');
    });
  });

  describe('rules', () => {
    it('may name a link, and the target of a goto, that does not exist', async () => {
      const [absent, jump] = [
        { priority: 901, family: 4, iif: 'no-such-link', table: 100 },
        { priority: 902, from: '10.1.0.0/16', action: 'goto', goto: 950 },
      ] as const;
      expect((await one(net.rules.add(absent))).detached).to.equal(true);
      await one(net.rules.add(jump));
      expect((await one(net.rules.ensure(absent))).changed).to.deep.equal([]);
      expect((await one(net.rules.ensure(jump))).changed).to.deep.equal([]);
      expect((await one(net.rules.deleteMany([absent, jump]))).written).to.equal(2);
    });
  });
});
