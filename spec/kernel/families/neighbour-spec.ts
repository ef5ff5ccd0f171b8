import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { NtfFlags, NudState, rtNeigh, type RtNeighFamily } from '../../../lib/families/rt-neigh.js';
import type { FamilyClient } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { compareFields, compareRows, type Shown } from '../../families/compare/fields.js';
import { forwarding, neighbour } from '../../families/compare/neighbour-fields.js';
import type { LinkNames } from '../../families/compare/link-names.js';
import { json, linkNames } from './names.js';

type Row = RtNeighFamily['dump']['getneigh']['reply'];

const INET = 2;
const INET6 = 10;
const BRIDGE = 7;
describe('rtNeigh', () => {
  const namespace = useNamespace();
  let client: FamilyClient<RtNeighFamily>;
  let names: LinkNames;

  before(async () => {
    namespace().batch([
      ...[
        'link add v0 type veth peer v1',
        'link set v0 up',
        'link set v1 up',
        'addr add 10.1.0.1/24 dev v0',
        'addr add fd00::1/64 dev v0 nodad',
      ],
      ...['link add br0 type bridge', 'link add p0 type veth peer p1', 'link set p0 master br0'],
      'link add vx0 type vxlan id 7 dstport 4789 local 192.0.2.1 dev v0',
      'neigh add 10.1.0.9 lladdr 02:00:00:00:00:99 dev v0 nud permanent',
      'neigh add fd00::9 lladdr 02:00:00:00:00:98 dev v0 nud stale router',
      'neigh add proxy 10.1.0.77 dev v0',
      'neigh add 10.1.0.10 lladdr 02:00:00:00:00:9a dev v0 nud stale extern_learn protocol 9',
    ]);
    namespace().run('bridge', 'fdb', 'add', '02:00:00:00:00:77', 'dev', 'p0', 'master', 'static');
    namespace().run('bridge', 'fdb', 'add', '02:00:00:00:00:78', 'dev', 'p0', 'self');
    namespace().run('bridge', 'fdb', 'add', '02:00:00:00:00:79', 'dev', 'vx0', 'dst', '192.0.2.9', 'port', '8472', 'vni', '33', 'self');
    namespace().run('bridge', 'fdb', 'append', '00:00:00:00:00:00', 'dev', 'vx0', 'dst', '192.0.2.10', 'via', 'v0', 'self');
    names = await linkNames(namespace());
    client = rtNeigh({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client.close();
  });

  it('reads neighbours as ip -s shows them', async () => {
    const rows = await lastValueFrom(client.list('getneigh'));
    const shown = json<Shown>(namespace(), 'ip -j -d -s neigh');
    // ip omits neighbours with NUD_NOARP, which multicast destinations have.
    const seen = rows.filter(({ ndmState }) => (ndmState & NudState.Noarp) === 0);
    compareRows(shown, seen, neighbour(names), {
      shown: (row) => `${String(row['dst'])} ${String(row['dev'])}`,
      value: (row) => `${row.dst ?? ''} ${names.of(row.ndmIfindex) ?? ''}`,
    });
    expect(shown.length).to.equal(3);
  });

  it('reads proxies when the request sets the flag for them', async () => {
    const rows = await lastValueFrom(client.list('getneigh', { ndmFlags: NtfFlags.Proxy }));
    const [shown] = json<Shown>(namespace(), 'ip -j neigh show proxy');
    expect(rows.length).to.equal(1);
    compareFields('proxy', shown!, rows[0]!, neighbour(names));
  });

  it('writes neighbours that ip reads back, and reads one neighbour', async () => {
    const request = { ndmFamily: INET6, ndmIfindex: names.indexOf('v0'), dst: 'fd00::55' };
    await lastValueFrom(
      client.do('newneigh', { ...request, ndmState: NudState.Permanent, lladdr: '02:00:00:00:00:55' }, { create: true, exclusive: true }),
    );
    expect(json(namespace(), 'ip -j neigh show to fd00::55')).to.deep.equal([
      { dst: 'fd00::55', dev: 'v0', lladdr: '02:00:00:00:00:55', state: ['PERMANENT'] },
    ]);
    const reply = await lastValueFrom(client.do('getneigh', request));
    expect(reply).to.include({ dst: 'fd00::55', lladdr: '02:00:00:00:00:55', ndmState: NudState.Permanent });
    await lastValueFrom(client.do('delneigh', request));
    expect(json(namespace(), 'ip -j neigh show to fd00::55')).to.deep.equal([]);
  });

  it('receives a notification when a neighbour or a forwarding entry is added', async () => {
    const received = firstValueFrom(client.notifications('rtnlgrp-neigh').pipe(take(2), toArray()));
    namespace().ip('neigh add 10.1.0.60 lladdr 02:00:00:00:00:60 dev v0');
    namespace().run('bridge', 'fdb', 'add', '02:00:00:00:00:61', 'dev', 'p0', 'master', 'static');
    const announced = (await received).map(({ op, value }) => [op, value.ndmFamily, value.dst ?? names.of(value.master), value.lladdr]);
    expect(announced).to.deep.equal([
      ['newneigh-ntf', INET, '10.1.0.60', '02:00:00:00:00:60'],
      ['newneigh-ntf', BRIDGE, 'br0', '02:00:00:00:00:61'],
    ]);
  });

  describe('forwarding entries of bridges', () => {
    const key = {
      shown: (row: Shown) => [row['mac'], row['ifname'], row['master'], row['dst'], row['vlan']].map(String).join(' '),
      value: (row: Row) =>
        [row.lladdr, names.of(row.ndmIfindex), names.of(row.master), row.dst, row.vlan].map((part) => String(part)).join(' '),
    };

    it('are read as bridge fdb shows them', async () => {
      const rows = await lastValueFrom(client.list('getneigh', { ndmFamily: BRIDGE }));
      const shown = json<Shown>(namespace(), 'bridge -j -d fdb');
      compareRows(shown, rows, forwarding(names), key);
      expect(shown.length).to.be.above(7);
    });

    it('are written, and bridge fdb reads them back', async () => {
      const entry = { ndmFamily: BRIDGE, ndmIfindex: names.indexOf('vx0'), lladdr: '02:00:00:00:00:70' };
      await lastValueFrom(
        client.do(
          'newneigh',
          { ...entry, ndmFlags: NtfFlags.Self, ndmState: NudState.Permanent, dst: '198.51.100.7', vni: 99, port: 4790 },
          { create: true, exclusive: true },
        ),
      );
      const shown = json<Shown>(namespace(), 'bridge -j fdb show dev vx0').find(({ mac }) => mac === entry.lladdr);
      expect(shown).to.deep.equal({ mac: entry.lladdr, dst: '198.51.100.7', port: 4790, vni: 99, flags: ['self'], state: 'permanent' });
    });
  });

  it('reads the limits of neighbour tables as ip ntable shows them', async () => {
    const rows = await lastValueFrom(client.list('getneightbl'));
    const shown = json<Shown>(namespace(), 'ip -j ntable').filter(({ name, thresh1 }) => name === 'arp_cache' && thresh1 !== undefined);
    const arp = rows.find(({ name, thresh1 }) => name === 'arp_cache' && thresh1 !== undefined)!;
    expect(shown[0]).to.include({
      thresh1: arp.thresh1,
      thresh2: arp.thresh2,
      thresh3: arp.thresh3,
      gc_interval: Number(arp.gcInterval),
      base_reachable: Number(arp.parms?.baseReachableTime),
      retrans: Number(arp.parms?.retransTime),
      gc_stale: Number(arp.parms?.gcStaletime),
      delay_probe: Number(arp.parms?.delayProbeTime),
      queue: arp.parms?.queueLen,
      app_probes: arp.parms?.appProbes,
      ucast_probes: arp.parms?.ucastProbes,
      mcast_probes: arp.parms?.mcastProbes,
      proxy_queue: arp.parms?.proxyQlen,
    });
  });
});

describe('rtNeigh tables with many links', () => {
  const namespace = useNamespace();

  it("list a table's own row once when a dump has several datagrams", async () => {
    namespace().batch(Array.from({ length: 60 }, (_, number) => `link add many${number} type ifb`));
    using client = rtNeigh({ netns: namespace().path });
    const rows = await lastValueFrom(client.list('getneightbl'));
    expect(rows.length).to.be.above(120);
    const keys = rows.map(({ name, parms }) => `${name ?? ''} ${parms?.ifindex ?? 'own'}`);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).to.deep.equal([]);
  });
});
