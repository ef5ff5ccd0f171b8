import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { rtMdb, type GetmdbReply, type RtMdbFamily } from '../../../lib/families/rt-mdb.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { compareGroups, groupOf, portsOf, type ShownTable } from '../../families/compare/rt-mdb.js';
import type { LinkNames } from '../../families/compare/link-names.js';
import type { Shown } from '../../families/compare/fields.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { useTally } from '../../support/tally.js';
import { useWatchers } from '../live/watcher.js';
import { json, linkNames } from './names.js';

/** RTPROT_STATIC of linux/rtnetlink.h */
const STATIC = 4;

describe('rtMdb', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const tally = useTally('bridge -j -d -s mdb');
  let client: WatchableClient<RtMdbFamily, 'getmdb'>;
  let names: LinkNames;

  const index = (name: string): number => names.indexOf(name);
  const bridge = (line: string): string => namespace().run('bridge', ...line.split(' '));
  const compare = (table: ShownTable, rows: readonly GetmdbReply[]): void => {
    compareGroups(table, rows, names, (...pair) => {
      tally.compare(...pair);
    });
  };
  const shown = (name: string): ShownTable => json<ShownTable>(namespace(), `bridge -j -d -s mdb show dev ${name}`)[0]!;
  // The kernel does not filter the dump by interface.
  const read = async (name: string): Promise<GetmdbReply[]> =>
    (await lastValueFrom(client.list('getmdb'))).filter(({ ifindex }) => ifindex === index(name));
  const groups = (rows: readonly GetmdbReply[]): unknown[] => portsOf(rows).map(groupOf);
  const entry = (grp: string) => ({
    ifindex: index('v0'),
    state: 'permanent' as const,
    flags: 0,
    vid: 0,
    addr: { ip4: grp },
    proto: 'ipv4' as const,
  });

  /** The entry of a request for one group: the kernel rejects a port and a state. */
  const asked = (grp: string) => ({ ...entry(grp), ifindex: 0, state: 'temporary' as const });

  before(async function () {
    try {
      namespace().batch([
        'link add br0 type bridge mcast_snooping 1 mcast_igmp_version 3 mcast_mld_version 2',
        'link add v0 type veth peer name v1',
        'link set v0 master br0',
        'link set v1 up',
        'link set v0 up',
        'link set br0 up',
      ]);
      bridge('mdb add dev br0 port v0 grp 239.1.1.1 permanent');
    } catch (error) {
      skipBecause(this, 'this kernel has no bridges with multicast groups', error);
    }
    bridge('mdb add dev br0 port v0 grp ff0e::5 temp');
    try {
      bridge('mdb add dev br0 port v0 grp 239.1.1.2 permanent filter_mode include source_list 192.0.2.1,192.0.2.2 proto 17');
    } catch (error) {
      if (!/Unknown attribute type/.test(String(error))) throw error;
      skipBecause(this, "this kernel cannot write the senders of a bridge's multicast groups", error);
    }
    bridge('mdb add dev br0 port v0 grp ff0e::6 permanent filter_mode exclude source_list 2001:db8::1');
    bridge('mdb add dev br0 port v0 grp 01:00:5e:00:00:09 permanent');
    bridge('mdb add dev br0 port br0 grp 239.1.1.3');
    namespace().ip('link set v0 type bridge_slave mcast_router 2');
    names = await linkNames(namespace());
    client = rtMdb({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client?.close();
  });

  it('reads groups, senders and router ports as bridge shows them', async () => {
    const rows = await read('br0');
    expect(groups(rows)).to.include.members(['239.1.1.1', 'ff0e::5', '01:00:5e:00:00:09']);
    compare(shown('br0'), rows);
  });

  it('reads one group', async () => {
    const reply = await lastValueFrom(client.do('getmdb', { ifindex: index('br0'), entry: asked('239.1.1.2') }));
    compare({ mdb: json<Shown>(namespace(), 'bridge -j -d -s mdb get dev br0 grp 239.1.1.2'), router: {} }, [reply]);
    const missing = client.do('getmdb', { ifindex: index('br0'), entry: asked('239.9.9.9') });
    const error = await lastValueFrom(missing).catch((reason: unknown) => reason);
    expect(error)
      .to.have.property('message')
      .that.matches(new RegExp(`^ENOENT getmdb: multicast groups of interface ${String(index('br0'))}`));
  });

  it('creates and deletes groups as bridge shows them, and receives their notifications', async () => {
    const received = firstValueFrom(client.notifications('rtnlgrp-mdb').pipe(take(2), toArray()));
    const br0 = { ifindex: index('br0') };
    await lastValueFrom(
      client.do('newmdb', { ...br0, entry: entry('239.2.0.1'), attrs: { rtprot: STATIC } }, { create: true, exclusive: true }),
    );
    const line = shown('br0').mdb.find(({ grp }) => grp === '239.2.0.1');
    expect(line).to.include({ port: 'v0', state: 'permanent', filter_mode: 'exclude', protocol: 'static' });
    tally.add(4);
    compare(shown('br0'), await read('br0'));
    await lastValueFrom(client.do('delmdb', { ...br0, entry: entry('239.2.0.1') }));
    expect(groups(await read('br0'))).to.not.include('239.2.0.1');
    const events = (await received).map(({ op, value }) => [op, names.of(value.ifindex), groups([value])]);
    expect(events).to.deep.equal([
      ['newmdb-ntf', 'br0', ['239.2.0.1']],
      ['delmdb-ntf', 'br0', ['239.2.0.1']],
    ]);
  });

  it('writes senders and groups of every kind as bridge shows them', async () => {
    const br0 = { ifindex: index('br0') };
    const srcList = { entry: [{ address: '2001:db8::2' }, { address: '2001:db8::3' }] };
    const six = { ...entry(''), addr: { ip6: 'ff0e::77' }, proto: 'ipv6' as const };
    const mac = { ...entry(''), addr: { macAddr: '01:00:5e:01:02:03' }, proto: 'mac' as const };
    await lastValueFrom(
      client.do('newmdb', { ...br0, entry: six, attrs: { srcList, groupMode: 'include', rtprot: 17 } }, { create: true }),
    );
    await lastValueFrom(client.do('newmdb', { ...br0, entry: mac }, { create: true }));
    const lines = shown('br0').mdb;
    const listed = lines.find(({ grp, src }) => grp === 'ff0e::77' && src === undefined);
    expect(listed).to.include({ filter_mode: 'include' });
    expect((listed!['source_list'] as readonly Shown[]).map(({ address }) => address)).to.have.members(['2001:db8::2', '2001:db8::3']);
    expect(lines.map(({ grp }) => grp)).to.include('01:00:5e:01:02:03');
    tally.add(4);
    compare(shown('br0'), await read('br0'));
    for (const each of [six, mac]) await lastValueFrom(client.do('delmdb', { ...br0, entry: each }));
  });

  it('puts the groups together that the kernel sends in many messages', async () => {
    const lines = Array.from(
      { length: 600 },
      (_, count) => `mdb add dev br0 port v0 grp 239.3.${String(count >> 8)}.${String(count & 255)} permanent`,
    );
    namespace().run('sh', '-c', `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | bridge -batch -`);
    const rows = await read('br0');
    expect(rows.length).to.equal(1);
    compare(shown('br0'), rows);
    const deleted = lines.map((line) => line.replace('add', 'del').replace(' permanent', ''));
    namespace().run('sh', '-c', `printf '%s\\n' ${deleted.map((line) => `'${line}'`).join(' ')} | bridge -batch -`);
  });

  it('watches groups: new ones, deleted ones, new bridges', async () => {
    const watcher = watch(client.watch('getmdb'));
    await watcher.has('the table', (rows) => rows.length === 1);
    bridge('mdb add dev br0 port v0 grp 239.4.0.1 permanent');
    await watcher.has('the new group', (rows) => groups(rows).includes('239.4.0.1'));
    compare(shown('br0'), watcher.entries!);
    bridge('mdb del dev br0 port v0 grp 239.4.0.1');
    await watcher.has('no such group', (rows) => !groups(rows).includes('239.4.0.1'));
    namespace().ip('link add br1 type bridge');
    await watcher.has('the new bridge', (rows) => rows.length === 2);
    namespace().ip('link del br1');
    await watcher.has('one bridge', (rows) => rows.length === 1);
  });

  it('reads and writes the groups of VXLAN devices as bridge shows them', async function () {
    try {
      namespace().batch(['link add vx0 type vxlan external dstport 4789 local 127.0.0.1', 'link set vx0 up']);
      bridge('mdb add dev vx0 port vx0 grp 239.1.1.1 permanent dst 198.51.100.1 src_vni 10');
    } catch (error) {
      skipBecause(this, 'this kernel has no multicast groups of VXLAN devices', error);
    }
    names = await linkNames(namespace());
    const vx0 = index('vx0');
    const remote = { dst: '2001:db8::9', dstPort: 1234, vni: 20, remoteIfindex: 1, srcVni: 11 };
    await lastValueFrom(
      client.do('newmdb', { ifindex: vx0, entry: { ...entry('239.1.1.2'), ifindex: vx0 }, attrs: remote }, { create: true }),
    );
    const line = shown('vx0').mdb.find(({ grp }) => grp === '239.1.1.2');
    expect(line).to.include({ dst: '2001:db8::9', dst_port: 1234, vni: 20, via: 'lo', src_vni: 11 });
    tally.add(5);
    compare(shown('vx0'), await read('vx0'));
  });
});
