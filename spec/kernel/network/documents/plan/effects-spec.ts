import { expect } from 'chai';
import { one } from '../../support.js';
import { useScene } from '../support.js';

describe('network().plan: effects', () => {
  const scene = useScene();

  beforeEach(() =>
    scene().namespace.batch([
      'link add v0 type veth peer name v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.1.0.1/24 dev v0',
      'addr add 10.1.0.2/24 dev v0',
      'addr add 10.1.0.3/24 dev v0',
      'addr add 10.2.0.1/24 dev v0',
      'addr add fd01::1/64 dev v0 nodad',
      'route add 10.9.0.0/16 via 10.1.0.9 proto bgp src 10.1.0.1',
      'route add 10.8.0.0/16 dev v0 table 77',
      'route add fd09::/64 via fd01::9',
    ]),
  );

  /** Returns the effects of a change of v0, and the routes and addresses that are lost when ip makes it. */
  async function compare(
    link: object,
    ip: readonly string[],
  ): Promise<{ readonly effects: readonly string[]; readonly lost: readonly string[] }> {
    const read = (): readonly string[] =>
      ['route show table all', '-6 route show table all', 'addr show dev v0'].flatMap((line) =>
        scene()
          .namespace.ip(line)
          .split('\n')
          .map((text) => text.trim())
          .filter((text) => /^(?:10\.[89]|fd09|inet)/.test(text))
          .map((text) => text.replace(/^inet6? /, '').split(' ')[0]!),
      );
    const { effects } = await one(scene().net.plan({ version: 1, links: [{ name: 'v0', ...link }] }));
    const before = read();
    scene().namespace.batch(ip);
    const after = new Set(read());
    return { effects, lost: [...new Set(before.filter((text) => !after.has(text)))] };
  }

  it('names the secondary addresses and the routes that go with a primary address', async () => {
    const { effects, lost } = await compare({ addresses: ['10.2.0.1/24', 'fd01::1/64'] }, ['addr del 10.1.0.1/24 dev v0']);
    expect(lost).to.have.members(['10.1.0.1/24', '10.1.0.2/24', '10.1.0.3/24', '10.9.0.0/16']);
    expect(effects).to.deep.equal(['1 route goes with address 10.1.0.1/24 on v0 (10.9.0.0/16 via 10.1.0.9 dev v0)']);
    const others = await compare({ addresses: ['10.1.0.2/24', '10.2.0.1/24', 'fd01::1/64'] }, []);
    expect(others.effects).to.deep.equal([]);
  });

  it('names all IPv4 routes over a link whose last IPv4 address goes', async () => {
    scene().namespace.batch(['addr del 10.2.0.1/24 dev v0', 'addr del 10.1.0.3/24 dev v0', 'addr del 10.1.0.2/24 dev v0']);
    const { effects, lost } = await compare({ addresses: ['fd01::1/64'] }, ['addr del 10.1.0.1/24 dev v0']);
    expect(lost).to.have.members(['10.1.0.1/24', '10.8.0.0/16', '10.9.0.0/16']);
    expect(effects).to.deep.equal([
      '2 routes go with address 10.1.0.1/24 on v0 (10.8.0.0/16 dev v0 table 77, 10.9.0.0/16 via 10.1.0.9 dev v0)',
    ]);
  });

  it('names the addresses of a subnet that go with its replaced primary address, and are written again', async () => {
    const { effects, lost } = await compare({ addresses: ['10.1.0.7/24', '10.1.0.2/24', '10.2.0.1/24', 'fd01::1/64'] }, [
      'addr add 10.1.0.7/24 dev v0',
      'addr del 10.1.0.1/24 dev v0',
    ]);
    // The new address is a secondary one while the primary one is there.
    expect(scene().namespace.ip('-4 addr show dev v0')).to.not.contain('10.1.0.');
    expect(lost).to.have.members(['10.1.0.1/24', '10.1.0.2/24', '10.1.0.3/24', '10.9.0.0/16']);
    expect(effects).to.deep.equal([
      '2 addresses go with address 10.1.0.1/24 on v0, and are written again (10.1.0.2/24 on v0, 10.1.0.7/24 on v0)',
      '1 route goes with address 10.1.0.1/24 on v0 (10.9.0.0/16 via 10.1.0.9 dev v0)',
    ]);
  });

  it('names no address of a subnet whose secondary addresses the kernel promotes', async () => {
    scene().namespace.run('sysctl', '-qw', 'net.ipv4.conf.v0.promote_secondaries=1');
    const { effects, lost } = await compare({ addresses: ['10.1.0.2/24', '10.1.0.3/24', '10.2.0.1/24', 'fd01::1/64'] }, [
      'addr del 10.1.0.1/24 dev v0',
    ]);
    expect(lost).to.have.members(['10.1.0.1/24', '10.9.0.0/16']);
    expect(effects).to.deep.equal(['1 route goes with address 10.1.0.1/24 on v0 (10.9.0.0/16 via 10.1.0.9 dev v0)']);
  });

  it('distinguishes an address of another program that goes from those that are written again', async () => {
    scene().namespace.batch(['addr add 10.1.0.9/24 dev v0 valid_lft 1000 preferred_lft 900']);
    const { effects } = await compare({ addresses: ['10.1.0.2/24', '10.2.0.1/24', 'fd01::1/64'] }, []);
    expect(effects.slice(0, 2)).to.deep.equal([
      '1 address goes with address 10.1.0.1/24 on v0, and is written again (10.1.0.2/24 on v0)',
      '1 address goes with address 10.1.0.1/24 on v0 (10.1.0.9/24 on v0)',
    ]);
  });

  it('names all IPv4 routes over a link whose only IPv4 address is replaced in its subnet', async () => {
    scene().namespace.batch(['addr del 10.2.0.1/24 dev v0', 'addr del 10.1.0.3/24 dev v0', 'addr del 10.1.0.2/24 dev v0']);
    const { effects, lost } = await compare({ addresses: ['10.1.0.7/24', 'fd01::1/64'] }, [
      'addr add 10.1.0.7/24 dev v0',
      'addr del 10.1.0.1/24 dev v0',
    ]);
    expect(lost).to.have.members(['10.1.0.1/24', '10.8.0.0/16', '10.9.0.0/16']);
    expect(effects).to.deep.equal([
      '1 address goes with address 10.1.0.1/24 on v0, and is written again (10.1.0.7/24 on v0)',
      '2 routes go with address 10.1.0.1/24 on v0 (10.8.0.0/16 dev v0 table 77, 10.9.0.0/16 via 10.1.0.9 dev v0)',
    ]);
  });

  it('keeps the routes over a link whose only IPv4 address gives way to one of another subnet', async () => {
    scene().namespace.batch(['addr del 10.2.0.1/24 dev v0', 'addr del 10.1.0.3/24 dev v0', 'addr del 10.1.0.2/24 dev v0']);
    const { effects, lost } = await compare({ addresses: ['10.4.0.1/24', 'fd01::1/64'] }, [
      'addr add 10.4.0.1/24 dev v0',
      'addr del 10.1.0.1/24 dev v0',
    ]);
    expect(lost).to.have.members(['10.1.0.1/24', '10.9.0.0/16']);
    expect(effects).to.deep.equal(['1 route goes with address 10.1.0.1/24 on v0 (10.9.0.0/16 via 10.1.0.9 dev v0)']);
  });

  it('names the secondary addresses that go with a primary one whose label changes', async () => {
    const addresses = [{ address: '10.1.0.1/24', label: 'v0:a' }, '10.1.0.2/24', '10.1.0.3/24', '10.2.0.1/24', 'fd01::1/64'];
    const { effects, lost } = await compare({ addresses }, ['addr del 10.1.0.1/24 dev v0']);
    expect(lost).to.have.members(['10.1.0.1/24', '10.1.0.2/24', '10.1.0.3/24', '10.9.0.0/16']);
    expect(effects).to.deep.equal([
      '2 addresses go with address 10.1.0.1/24 on v0, and are written again (10.1.0.2/24 on v0, 10.1.0.3/24 on v0)',
      '1 route goes with address 10.1.0.1/24 on v0 (10.9.0.0/16 via 10.1.0.9 dev v0)',
    ]);
  });

  it('names the IPv6 addresses and the routes that go with a link going down', async () => {
    const { effects, lost } = await compare({ up: false }, ['link set v0 down']);
    expect(lost).to.have.members(['fd01::1/64', '10.8.0.0/16', '10.9.0.0/16', 'fd09::/64']);
    expect(effects).to.deep.equal([
      '1 address goes with link v0 going down (fd01::1/64 on v0)',
      '3 routes go with link v0 going down (10.8.0.0/16 dev v0 table 77, 10.9.0.0/16 via 10.1.0.9 dev v0, fd09::/64 via fd01::9 dev v0)',
    ]);
  });

  it('names what IPv6 loses with an MTU below 1280', async () => {
    const { effects, lost } = await compare({ mtu: 1200 }, ['link set v0 mtu 1200']);
    expect(lost).to.have.members(['fd01::1/64', 'fd09::/64']);
    expect(effects).to.deep.equal([
      '1 address goes with mtu 1200 of link v0: IPv6 needs 1280 (fd01::1/64 on v0)',
      '1 route goes with mtu 1200 of link v0: IPv6 needs 1280 (fd09::/64 via fd01::9 dev v0)',
    ]);
  });
});
