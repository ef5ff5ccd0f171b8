import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { expect } from 'chai';
import type { DocumentLink, NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../../../../support/namespace.js';
import { countWrites, eventually, failure, one } from '../../support.js';

describe('network().plan', function () {
  let namespace: Namespace;
  let net: Network;

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
  });

  beforeEach(() => {
    namespace = createNamespace();
    net = network({ netns: namespace.path });
  });

  afterEach(() => {
    net.close();
    namespace.delete();
  });

  /** Returns the lines of a plan. */
  async function lines(document: NetworkDocument): Promise<readonly string[]> {
    const { text } = await one(net.plan(document));
    return text === '' ? [] : text.split('\n');
  }

  const OFFICE: NetworkDocument = {
    version: 1,
    links: [
      { name: 'v0', kind: 'veth', veth: { peer: { name: 'v1' } }, up: true, mtu: 1400, master: 'br0' },
      { name: 'v1', up: true, addresses: ['10.1.0.9/24'] },
      {
        name: 'br0',
        kind: 'bridge',
        up: true,
        bridge: { ageing: '60s' },
        addresses: ['10.1.0.1/24', { address: 'fd01::1/64', noDad: true }],
      },
    ],
    routes: [
      { to: 'default', via: '10.1.0.7' },
      { to: '10.9.0.0/16', via: '10.1.0.8', metric: 5, table: 77 },
      { to: '10.8.0.0/16', type: 'blackhole' },
    ],
  };

  it('adds everything to an empty namespace, links first, and sends no write', async () => {
    const writes = await countWrites(async () => {
      expect(await lines(OFFICE)).to.deep.equal([
        '+ link br0',
        '+ link v0',
        '+ link v1',
        '+ address 10.1.0.9/24 on v1',
        '+ address 10.1.0.1/24 on br0',
        '+ address fd01::1/64 on br0',
        '+ route blackhole 10.8.0.0/16',
        '+ route default via 10.1.0.7',
        '+ route 10.9.0.0/16 via 10.1.0.8 table 77 metric 5',
      ]);
    });
    expect(writes).to.equal(0);
  });

  it('is empty when ip has made the document', async () => {
    namespace.batch([
      'link add br0 type bridge ageing_time 6000',
      'link set br0 up',
      'link add v0 mtu 1400 type veth peer name v1',
      'link set v0 master br0 up',
      'link set v1 up',
      'addr add 10.1.0.9/24 dev v1',
      'addr add 10.1.0.1/24 dev br0',
      'addr add fd01::1/64 dev br0 nodad',
      'route add default via 10.1.0.7 proto static',
      'route add 10.9.0.0/16 via 10.1.0.8 metric 5 table 77 proto static',
      'route add blackhole 10.8.0.0/16 proto static',
    ]);
    expect(await lines(OFFICE)).to.deep.equal([]);
    expect((await one(net.plan(OFFICE))).isEmpty).to.equal(true);
  });

  it('owns the addresses of a list, and leaves other links, addresses and routes alone', async () => {
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.1.0.1/24 dev v0',
      'addr add 10.1.0.5/24 dev v0',
      'addr add 10.2.0.1/24 dev v1',
      'route add 10.9.0.0/16 dev v0',
    ]);
    expect(await lines({ version: 1, links: [{ name: 'v0', mtu: 1400, addresses: ['10.1.0.1/24'] }] })).to.deep.equal([
      '~ link v0: mtu 1500 -> 1400',
      '- address 10.1.0.5/24 on v0',
    ]);
    expect(await lines({ version: 1, links: [{ name: 'v0' }], routes: [] })).to.deep.equal([]);
  });

  it('leaves the addresses alone that the kernel, a router or a client of DHCP gave to a link', async () => {
    namespace.batch([
      'link set lo up',
      'link add v7 type veth peer name v8',
      'link set v7 addrgenmode eui64',
      'link set v8 up',
      'link set v7 up',
      'addr add fd07::1/64 dev v7 nodad proto kernel_ra',
      'addr add 10.7.0.1/24 dev v7 valid_lft 1000 preferred_lft 900',
      'addr add 10.7.1.1/32 dev v7 scope host',
    ]);
    await eventually(() => namespace.ip('-6 addr show dev v7').includes('inet6 fe80:'));
    // Linux before 5.18 has no protocols of addresses.
    if (!namespace.ip('-6 addr show dev v7').includes('proto kernel_ra')) namespace.ip('addr del fd07::1/64 dev v7');
    const links = ['v7', 'lo'].map((name) => ({ name, addresses: [] }));
    expect(await lines({ version: 1, links })).to.deep.equal([]);
    namespace.batch(['addr add fd07::2/64 dev v7 nodad']);
    expect(await lines({ version: 1, links })).to.deep.equal(['- address fd07::2/64 on v7']);
  });

  it('deletes unlisted routes of an owned protocol in the named tables only', async () => {
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link set v1 up',
      'link set v0 up',
      'route add 10.1.0.0/16 dev v0 proto 99',
      'route add 10.2.0.0/16 dev v0 proto 99 table 77',
      'route add 10.3.0.0/16 dev v0 proto static',
    ]);
    const routes = [{ to: '10.4.0.0/16', link: 'v0' }];
    expect(await lines({ version: 1, owns: { protocol: 99 }, routes })).to.deep.equal([
      '+ route 10.4.0.0/16 dev v0',
      '- route 10.1.0.0/16 dev v0',
    ]);
    expect(await lines({ version: 1, owns: { protocol: 99, tables: [77] }, routes })).to.deep.equal([
      '+ route 10.4.0.0/16 dev v0',
      '- route 10.2.0.0/16 dev v0 table 77',
    ]);
  });

  it('reports a route of another protocol as a conflict, unless it is to be taken over', async () => {
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link set v1 up',
      'link set v0 up',
      'route add 10.1.0.0/16 dev v0 proto bgp mtu 1400',
    ]);
    const route = { to: '10.1.0.0/16', link: 'v0', mtu: 1300 } as const;
    const plan = await one(net.plan({ version: 1, routes: [route] }));
    expect(plan.text).to.equal('? route 10.1.0.0/16 dev v0: mtu 1400 -> 1300 (it has protocol bgp)');
    expect([plan.isEmpty, plan.differences, plan.conflicts.length]).to.deep.equal([false, [], 1]);
    expect(await lines({ version: 1, routes: [{ ...route, takeOver: true }] })).to.deep.equal([
      '~ route 10.1.0.0/16 dev v0: mtu 1400 -> 1300, protocol bgp -> static',
    ]);
    expect(await lines({ version: 1, routes: [{ to: '10.1.0.0/16', link: 'v0' }] })).to.deep.equal([]);
  });

  it('rejects a kind that differs, and a link that does not exist', async () => {
    namespace.ip('link add v0 type veth peer name v1');
    const kind = await failure(net.plan({ version: 1, links: [{ name: 'v0', kind: 'bridge' }] }), 'conflict');
    expect(kind.path).to.equal('links[0].kind');
    expect(kind.message).to.equal(
      'cannot plan document: links[0].kind: link v0 has kind veth, not bridge; delete it, or take another name',
    );
    const missing = await failure(net.plan({ version: 1, links: [{ name: 'v2', up: true }] }), 'missing');
    expect(missing.path).to.equal('links[0].kind');
    const unknown = await failure(net.plan({ version: 1, routes: [{ to: '10.0.0.0/8', link: 'v7' }] }), 'unknown-name');
    expect(unknown.path).to.equal('routes[0].link');
  });

  it('names a kind that the kernel does not have', async function () {
    const links = [{ name: 'v0', kind: 'no-such-kind' }];
    try {
      namespace.ip('link add v0 type no-such-kind');
    } catch (error) {
      if (existsSync('/proc/modules') && !existsSync(`/lib/modules/${release()}/modules.alias`)) skipBecause(this, 'the list of modules');
      expect((error as Error).message).to.include('Unknown device type');
    }
    const writes = await countWrites(async () => {
      const error = await failure(net.plan({ version: 1, links }), 'unsupported');
      expect([error.path, error.message]).to.deep.equal([
        'links[0].kind',
        "cannot plan document: links[0].kind: this kernel has no links of kind 'no-such-kind', and no module rtnl-link-no-such-kind",
      ]);
    });
    expect(writes).to.equal(0);
    const { message } = await failure(net.plan({ version: 1, links: [{ name: 'v0', kind: 'brigde' }] }), 'unsupported');
    expect(message).to.match(/, and no module rtnl-link-brigde; did you mean bridge\?$/);
  });

  it('owns the neighbours and forwarding entries of a list, except those of the kernel', async () => {
    namespace.batch([
      'link add br0 type bridge',
      'link add v0 type veth peer name v1',
      'link set v0 master br0',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.1.0.1/24 dev v1',
      'neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev v1 nud permanent',
      'neigh add 10.1.0.8 lladdr 02:00:00:00:00:08 dev v1 nud noarp',
      'neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev v1 nud stale',
    ]);
    namespace.run('bridge', 'fdb', 'add', '02:00:00:00:00:06', 'dev', 'v0', 'master', 'static');
    // A packet to a multicast address makes a neighbour of the kernel.
    namespace.run('sh', '-c', 'ping -c 1 -W 1 -I v1 224.0.0.1 >/dev/null 2>&1 || true');
    expect(
      await lines({
        version: 1,
        links: [
          { name: 'v0', fdb: [] },
          { name: 'v1', neighbours: [] },
        ],
      }),
    ).to.have.members(['- forwarding entry 02:00:00:00:00:06 on v0', '- neighbour 10.1.0.7 on v1', '- neighbour 10.1.0.8 on v1']);
  });

  it('writes nexthops before their groups, and deletes them after', async () => {
    const nexthops = [
      { id: 9, group: [{ id: 7 }, { id: 8 }] },
      { id: 7, blackhole: true, family: 4 },
      { id: 8, blackhole: true, family: 4 },
    ] as const;
    expect((await lines({ version: 1, nexthops })).map((line) => line.split(' ')[2])).to.deep.equal(['7', '8', '9']);
    namespace.batch(['nexthop add id 7 blackhole proto 111', 'nexthop add id 9 group 7 proto 111']);
    expect(await lines({ version: 1, nexthops: [], owns: { protocol: 111 } })).to.deep.equal([
      '- nexthop 9 group 7',
      '- nexthop 7 blackhole',
    ]);
  });

  it('rejects the properties of a tunnel in a forwarding entry of a link of another kind', async () => {
    namespace.batch(['link add v0 type veth peer name v1', 'link add br0 type bridge', 'link set v0 master br0']);
    const errorOf = async (link: object): Promise<readonly unknown[]> => {
      const { path, message } = await failure(net.plan({ version: 1, links: [link as DocumentLink] }), 'invalid');
      return [path, message];
    };
    const entry = { mac: '02:00:00:00:00:09', remote: '192.0.2.1' };
    expect(await errorOf({ name: 'v0', fdb: [entry] })).to.deep.equal([
      'links[0].fdb[0].remote',
      "cannot plan document: links[0].fdb[0].remote: only entries of a VXLAN link have it, and 'v0' is a link of another kind",
    ]);
    expect((await errorOf({ name: 'br9', kind: 'bridge', fdb: [{ mac: '02:00:00:00:00:09', vni: 7 }] }))[0]).to.equal(
      'links[0].fdb[0].vni',
    );
  });
});
