import { expect } from 'chai';
import { firstValueFrom, take, toArray } from 'rxjs';
import { DumpFlags, rtVlan, VlanInfoFlags, type GetvlanReply, type RtVlanFamily } from '../../../../lib/families/rt-vlan.js';
import type { WatchableClient } from '../../../../lib/live/index.js';
import { compareInterfaces } from '../../../families/compare/rt-vlan.js';
import type { LinkNames } from '../../../families/compare/link-names.js';
import type { Shown } from '../../../families/compare/fields.js';
import { json, linkNames } from '../../../kernel/families/names.js';
import { useWatchers } from '../../../kernel/live/watcher.js';
import { useNamespace } from '../../../support/namespace.js';
import { useTally } from '../../../support/tally.js';
import { all, last, modules } from '../../support.js';

/** RTM_SETLINK and RTM_DELLINK of linux/rtnetlink.h: how BRIDGE_VLANDB_TINFO_CMD adds and removes a tunnel. */
const [ADD, REMOVE] = [19, 17];

describe('VLANs of bridges on the wide kernel', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const tally = useTally('bridge -j -d vlan');
  let client: WatchableClient<RtVlanFamily, 'getvlan'>;
  let names: LinkNames;

  const index = (name: string): number => names.indexOf(name);
  const filled = (rows: readonly GetvlanReply[]): GetvlanReply[] =>
    rows.filter(({ entry, globalOptions }) => entry !== undefined || globalOptions !== undefined);
  const compare = (words: string, rows: readonly GetvlanReply[]): void => {
    compareInterfaces(json<Shown>(namespace(), `bridge -j ${words}`), filled(rows), names, (...pair) => {
      tally.compare(...pair);
    });
  };
  const vlansOf = (rows: readonly GetvlanReply[] | undefined, name: string): string[] =>
    (rows?.find(({ ifindex }) => ifindex === index(name))?.entry ?? []).map(
      ({ info, range }) => `${String(info?.vid)}-${String(range ?? info?.vid)}`,
    );
  const bridge = (line: string): void => void namespace().run('bridge', ...line.split(' '));

  before(async () => {
    modules('bridge', 'veth', 'vxlan');
    namespace().batch([
      'link add br0 type bridge vlan_filtering 1 mcast_snooping 1 mcast_vlan_snooping 1',
      'link add v0 type veth peer v1',
      'link add vx0 type vxlan external dstport 4789',
      'link set v0 master br0',
      'link set vx0 master br0',
      'link set vx0 type bridge_slave vlan_tunnel on',
      'link set v1 up',
      'link set v0 up',
      'link set br0 up',
    ]);
    bridge('vlan add dev v0 vid 10-20');
    bridge('vlan set dev v0 vid 15 state learning');
    bridge('vlan set dev v0 vid 16 mcast_max_groups 7');
    names = await linkNames(namespace());
    client = rtVlan({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client?.close();
  });

  it('reads VLANs as bridge shows them, of all interfaces and of one', async () => {
    const rows = await last(client.list('getvlan'));
    compare('-d vlan', rows);
    const [one, ...others] = await last(client.list('getvlan', { ifindex: index('v0') }));
    expect(others).to.deep.equal([]);
    expect(one).to.deep.equal(rows.find(({ ifindex }) => ifindex === index('v0')));
  });

  it('reads counters and global options if the flags select them', async () => {
    const counted = await last(client.list('getvlan', { flags: DumpFlags.Stats }));
    compare('-d -s vlan', counted);
    expect(counted.flatMap(({ entry = [] }) => entry.map(({ stats }) => typeof stats?.rxBytes))).to.not.include('undefined');
    compare('vlan global', await last(client.list('getvlan', { flags: DumpFlags.Global })));
  });

  it('puts the VLANs of an interface together that the kernel sends in many messages', async () => {
    bridge('vlan add dev v0 vid 100-1900');
    // Every second one differs, so that the kernel cannot describe a range.
    const lines = Array.from({ length: 900 }, (_, count) => `vlan set dev v0 vid ${String(101 + 2 * count)} state blocking`);
    namespace().run('sh', '-c', `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | bridge -batch -`);
    const rows = await last(client.list('getvlan'));
    compare('-d vlan', rows);
    expect(vlansOf(rows, 'v0').length).to.be.above(1800);
    bridge('vlan del dev v0 vid 100-1900');
  });

  it('adds, changes and deletes VLANs as bridge shows them', async () => {
    const v0 = { ifindex: index('v0') };
    await last(client.do('newvlan', { ...v0, entry: [{ info: { vid: 40, flags: VlanInfoFlags.Untagged }, range: 49 }] }));
    await last(
      client.do('newvlan', {
        ...v0,
        entry: [{ info: { vid: 41, flags: VlanInfoFlags.OnlyOpts }, range: 42, state: 'blocking', mcastRouter: 'perm', neighSuppress: 1 }],
      }),
    );
    const shown = json<{ vlans: readonly Shown[] }>(namespace(), 'bridge -j -d vlan show dev v0')[0]!.vlans;
    expect(
      shown
        .filter(({ vlan }) => Number(vlan) >= 40)
        .map(({ vlan, vlanEnd, flags, state, mcast_router, neigh_suppress }) => [
          vlan,
          vlanEnd,
          flags,
          state,
          mcast_router,
          neigh_suppress,
        ]),
    ).to.deep.equal([
      [40, undefined, ['Egress Untagged'], 'forwarding', 1, false],
      [41, 42, ['Egress Untagged'], 'blocking', 2, true],
      [43, 49, ['Egress Untagged'], 'forwarding', 1, false],
    ]);
    compare('-d vlan', await last(client.list('getvlan')));
    await last(client.do('delvlan', { ...v0, entry: [{ info: { vid: 40 }, range: 49 }] }));
    expect(vlansOf(await last(client.list('getvlan')), 'v0').filter((vlan) => vlan.startsWith('4'))).to.deep.equal([]);
  });

  it('writes global options as bridge shows them', async () => {
    await last(
      client.do('newvlan', {
        ifindex: index('br0'),
        globalOptions: [
          {
            id: 12,
            range: 13,
            mcastQuerier: 1,
            mcastIgmpVersion: 3, // The kernel rounds it to its clock, of 4 ms.
            mcastQueryIntvl: 12_344n,
            msti: 5,
          },
        ],
      }),
    );
    const shown = json<{ vlans: readonly Shown[] }>(namespace(), 'bridge -j vlan global')[0]!.vlans.find(({ vlan }) => vlan === 12);
    expect(shown).to.include({ vlanEnd: 13, mcast_querier: 1, mcast_igmp_version: 3, mcast_query_interval: 12_344, msti: 5 });
    compare('vlan global', await last(client.list('getvlan', { flags: DumpFlags.Global })));
  });

  it('writes a row back as it was read', async () => {
    const read = async (): Promise<GetvlanReply> => (await last(client.list('getvlan', { ifindex: index('v0') })))[0]!;
    const before = await read();
    // The flag selects a change of options: the VLAN exists.
    const entry = before.entry!.map((vlan) => ({ ...vlan, info: { ...vlan.info!, flags: vlan.info!.flags | VlanInfoFlags.OnlyOpts } }));
    await last(client.do('newvlan', { ...before, entry }));
    expect(await read()).to.deep.equal(before);
  });

  it('writes tunnels as bridge shows them', async () => {
    const tunnel = (cmd: number) => ({
      ifindex: index('vx0'),
      entry: [{ info: { vid: 60, flags: VlanInfoFlags.OnlyOpts }, range: 62, tunnelInfo: { id: 1000, cmd } }],
    });
    await last(client.do('newvlan', { ifindex: index('vx0'), entry: [{ info: { vid: 60, flags: 0 }, range: 62 }] }));
    await last(client.do('newvlan', tunnel(ADD)));
    const shown = json<{ ifname: string; tunnels: readonly Shown[] }>(namespace(), 'bridge -j vlan tunnelshow');
    expect(shown.find(({ ifname }) => ifname === 'vx0')?.tunnels).to.deep.equal([{ vlan: 60, vlanEnd: 62, tunid: 1000, tunidEnd: 1002 }]);
    const [row] = await last(client.list('getvlan', { ifindex: index('vx0') }));
    expect(row!.entry!.find(({ info }) => info?.vid === 60)?.tunnelInfo).to.deep.equal({ id: 1000 });
    tally.add(5);
    await last(client.do('newvlan', tunnel(REMOVE)));
    expect(json<{ ifname: string }>(namespace(), 'bridge -j vlan tunnelshow').map(({ ifname }) => ifname)).to.not.include('vx0');
  });

  it('names the interface in errors', async () => {
    const error = await last(client.do('newvlan', { ifindex: 9999, entry: [{ info: { vid: 5, flags: 0 } }] })).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property('message', 'ENODEV newvlan: VLANs of interface 9999');
  });

  it('receives notifications of VLANs and of global options', async () => {
    const received = firstValueFrom(client.notifications('rtnlgrp-brvlan').pipe(take(3), toArray()));
    bridge('vlan add dev v0 vid 70-71');
    bridge('vlan del dev v0 vid 70-71');
    bridge('vlan global set dev br0 vid 12 mcast_querier 0');
    const events = (await received).map(({ op, value: { ifindex, entry, globalOptions } }) => [
      op,
      names.of(ifindex),
      entry?.map(({ info, range }) => [info?.vid, range]),
      globalOptions?.map(({ id, mcastQuerier }) => [id, mcastQuerier]),
    ]);
    expect(events).to.deep.equal([
      ['newvlan-ntf', 'v0', [[70, 71]], undefined],
      ['delvlan-ntf', 'v0', [[70, 71]], undefined],
      ['newvlan-ntf', 'br0', undefined, [[12, 0]]],
    ]);
  });

  it('watches VLANs: new ones, options, ports, bridges', async () => {
    const watcher = watch(client.watch('getvlan'));
    await watcher.has('the table', (rows) => vlansOf(rows, 'v0').length > 0);
    bridge('vlan add dev v0 vid 80-89');
    await watcher.has('the new range', (rows) => vlansOf(rows, 'v0').includes('80-89'));
    bridge('vlan set dev v0 vid 85 state blocking');
    await watcher.has('the blocked one', (rows) => vlansOf(rows, 'v0').includes('85-85'));
    compare('-d vlan', watcher.entries!);
    namespace().batch(['link add br1 type bridge vlan_filtering 1', 'link add w0 type veth peer w1', 'link set w0 master br1']);
    names = await linkNames(namespace());
    await watcher.has('the new bridge and its port', (rows) => vlansOf(rows, 'br1').length > 0 && vlansOf(rows, 'w0').length > 0);
    compare('-d vlan', watcher.entries!);
    namespace().ip('link set w0 nomaster');
    await watcher.has('no such port', (rows) => rows.every(({ ifindex }) => ifindex !== index('w0')));
    namespace().batch(['link del br1', 'link del w0']);
    await watcher.has('no such bridge', (rows) => rows.every(({ ifindex }) => ifindex !== index('br1')));
    compare('-d vlan', watcher.entries!);
  });

  it('watches global options, and does not watch counters', async () => {
    const watcher = watch(client.watch('getvlan', { flags: DumpFlags.Global }));
    const intervalOf = (rows: readonly GetvlanReply[]): bigint | undefined =>
      rows.flatMap(({ globalOptions = [] }) => globalOptions).find(({ id }) => id === 14)?.mcastQueryIntvl;
    await watcher.has('the table', (rows) => rows.length > 0);
    bridge('vlan global set dev br0 vid 14 mcast_query_interval 11112');
    await watcher.has('the new interval', (rows) => intervalOf(rows) === 11_112n);
    expect(() => client.watch('getvlan', { flags: DumpFlags.Stats })).to.throw(TypeError, 'counters');
    expect(await all(client.dump('getvlan', { ifindex: index('br0'), flags: DumpFlags.Global }))).to.have.lengthOf(1);
  });
});
