import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { LinkSpec } from '../../../lib/network/links/link.js';
import { countWrites, failure, one, shown } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { poke, simulated } from '../simulated.js';
import { json, modules } from '../support.js';

interface ShownVlans {
  readonly ifname: string;
  readonly vlans: readonly { readonly vlan: number; readonly vlanEnd?: number; readonly flags?: readonly string[] }[];
}

describe('VLANs of network().links on the wide kernel', () => {
  before(() => modules('dummy', 'bridge'));
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
  });
  after(() => net.close());
  beforeEach(() => {
    namespace().batch(['link add b0 type bridge vlan_filtering 1', 'link add b1 type bridge vlan_filtering 1', 'link add p0 type dummy']);
    namespace().batch(['link set p0 master b0', 'link add p1 type dummy', 'link set p1 up']);
  });
  afterEach(() => void namespace().run('sh', '-c', 'for l in b0 b1 p0 p1 p2; do ip link del $l 2>/dev/null; done; true'));

  /** Returns the VLANs that `bridge -compressvlans` shows, as it prints them. */
  const vlans = (name: string): readonly string[] =>
    shown<ShownVlans>(namespace(), `bridge -j -compressvlans vlan show dev ${name}`).flatMap(({ vlans: ranges }) =>
      ranges.map(({ vlan, vlanEnd, flags = [] }) => [vlanEnd === undefined ? vlan : `${vlan}-${vlanEnd}`, ...flags].join(' ')),
    );

  it('are written as the whole list, as bridge shows it, and nothing the second time', async () => {
    const wanted: LinkSpec = { name: 'p0', vlans: [{ id: 2 }, { id: '100-110' }, { id: 200, pvid: true, untagged: true }, { id: 3 }] };
    const { changed } = await one(net.links.ensure(wanted));
    expect(changed[0]!.text).to.equal(
      '~ link p0: vlans [{"id":1,"pvid":true,"untagged":true}] -> [{"id":"2-3"},{"id":"100-110"},{"id":200,"pvid":true,"untagged":true}]',
    );
    expect(vlans('p0')).to.deep.equal(['2-3', '100-110', '200 PVID Egress Untagged']);
    expect(await countWrites(() => one(net.links.ensure(wanted)))).to.equal(0);
    const read = await one(net.links.get('p0', { with: 'vlans' }));
    expect(read.vlans).to.deep.equal([{ id: '2-3' }, { id: '100-110' }, { id: 200, pvid: true, untagged: true }]);
    expect(await countWrites(() => one(net.links.ensure(read)))).to.equal(0);
    await one(net.links.change('p0', { vlans: [] }));
    expect(vlans('p0')).to.deep.equal([]);
    expect(await one(net.links.get('p0'))).to.not.have.property('vlans');
  });

  it('exchange flags in place, also when another VLAN becomes the PVID', async () => {
    await one(net.links.change('p0', { vlans: [{ id: 1, untagged: true }, { id: '2-4' }, { id: 5, pvid: true, untagged: true }] }));
    expect(vlans('p0')).to.deep.equal(['1 Egress Untagged', '2-4', '5 PVID Egress Untagged']);
    await one(net.links.change('p0', { vlans: [{ id: 1, pvid: true }, { id: 2 }, { id: '3-5', untagged: true }] }));
    expect(vlans('p0')).to.deep.equal(['1 PVID', '2', '3-5 Egress Untagged']);
  });

  it('are those of the bridge itself too', async () => {
    const wanted: LinkSpec = { name: 'b0', kind: 'bridge', vlans: [{ id: '10-20' }, { id: 30, pvid: true, untagged: true }] };
    await one(net.links.ensure(wanted));
    expect(vlans('b0')).to.deep.equal(['10-20', '30 PVID Egress Untagged']);
    expect(await countWrites(() => one(net.links.ensure(wanted)))).to.equal(0);
    const created: LinkSpec = { name: 'p2', kind: 'bridge', bridge: { vlanFiltering: true }, vlans: [{ id: 7 }] };
    await one(net.links.add(created));
    expect(vlans('p2')).to.deep.equal(['7']);
  });

  it('are written after the master, whose default a new port gets', async () => {
    const spec: LinkSpec = { name: 'p2', kind: 'dummy', up: true, master: 'b0', vlans: [{ id: 5 }, { id: 6, pvid: true, untagged: true }] };
    await one(net.links.add(spec));
    expect(vlans('p2')).to.deep.equal(['5', '6 PVID Egress Untagged']);
    await one(net.links.ensure({ ...spec, master: 'b1' }));
    expect(vlans('p2')).to.deep.equal(['5', '6 PVID Egress Untagged']);
    expect(await countWrites(() => one(net.links.ensure({ ...spec, master: 'b1' })))).to.equal(0);
  });

  it('are read for all links with one dump, empty for links without', async () => {
    const all = await one(net.links.list({ with: ['vlans', 'addresses'] }));
    // Modules of tunnels create devices in each namespace.
    const listed = all.filter(({ name, kind }) => name === 'lo' || kind === 'bridge' || kind === 'dummy');
    const found = Object.fromEntries(listed.map((link) => [link.name, link.vlans]));
    const first = [{ id: 1, pvid: true, untagged: true }];
    expect(found).to.deep.equal({ lo: [], b0: first, b1: first, p0: first, p1: [] });
  });

  it('of a link that has none are invalid, and a new link is deleted again', async () => {
    expect((await failure(net.links.ensure({ name: 'p1', vlans: [{ id: 5 }] }), 'invalid')).path).to.equal('vlans');
    await failure(net.links.add({ name: 'p2', kind: 'dummy', vlans: [{ id: 5 }] }), 'invalid');
    expect(await one(net.links.find('p2'))).to.equal(undefined);
  });
});

describe('virtual functions of network().links on the wide kernel', () => {
  const NUMBER = 11;
  let net: Network;
  let name: string;
  before(function () {
    simulated(this, 'netdevsim');
    poke('/sys/bus/netdevsim/new_device', `${NUMBER} 1`);
    poke(`/sys/bus/netdevsim/devices/netdevsim${NUMBER}/sriov_numvfs`, 3);
    net = network();
  });
  before(async () => {
    const links = await one(net.links.list());
    name = links.find(({ driver }) => driver?.device === `netdevsim${NUMBER}`)!.name;
  });
  after(() => {
    net?.close();
    poke('/sys/bus/netdevsim/del_device', NUMBER);
  });

  const functions = (): readonly Readonly<Record<string, unknown>>[] =>
    json<readonly { readonly vfinfo_list: readonly Readonly<Record<string, unknown>>[] }[]>(`ip -j -d link show dev ${name}`)[0]!
      .vfinfo_list;

  it('are written by the listed functions and settings as ip shows them, and nothing the second time', async () => {
    const before = functions();
    const spec: LinkSpec = {
      name,
      vfs: [
        {
          id: 1,
          mac: '02:00:00:00:00:91',
          vlan: 55,
          priority: 3,
          minRate: '10mbit',
          rate: '200mbit',
          spoofCheck: true,
          trust: true,
          rssQuery: true,
          state: 'enable',
        },
        { id: 2, rate: '1gbit' },
      ],
    };
    await one(net.links.ensure(spec));
    const [first, second, third] = functions();
    expect(first).to.deep.equal(before[0]);
    expect(second).to.deep.include({
      vf: 1,
      address: '02:00:00:00:00:91',
      link_state: 'enable',
      trust: true,
      spoofchk: true,
      query_rss_en: true,
    });
    expect(second!['vlan_list']).to.deep.equal([{ vlan: 55, qos: 3 }]);
    expect(second!['rate']).to.deep.equal({ max_tx: 200, min_tx: 10 });
    expect(third!['rate']).to.deep.equal({ max_tx: 1000, min_tx: 0 });
    expect(await countWrites(() => one(net.links.ensure(spec)))).to.equal(0);
    const read = await one(net.links.get(name, { with: 'vfs' }));
    expect(read.vfs).to.have.length(3);
    expect(read.vfs[1]).to.deep.include({ id: 1, vlan: 55, priority: 3, minRate: 10e6, rate: 200e6, state: 'enable' });
    expect(await countWrites(() => one(net.links.ensure(read)))).to.equal(0);
    await one(net.links.change(name, { vfs: [{ id: 1, vlan: null, rate: null, minRate: 0, trust: false }] }));
    const changed = functions()[1]!;
    expect(changed).to.include({ trust: false, spoofchk: true });
    expect([changed['vlan_list'], changed['rate']]).to.deep.equal([first!['vlan_list'], first!['rate']]);
    expect((await failure(net.links.change(name, { vfs: [{ id: 9, trust: true }] }), 'invalid')).path).to.equal('vfs[0].id');
  });
});
