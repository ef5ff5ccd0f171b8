import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import { RtnhFlags, rtRoute, type RtRouteFamily } from '../../../lib/families/rt-route.js';
import { Unknown, type FamilyClient } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { compareFields, type Shown } from '../../families/compare/fields.js';
import type { LinkNames } from '../../families/compare/link-names.js';
import { TABLE, destination, nexthopObject, route } from '../../families/compare/route-fields.js';
import { json, linkNames } from './names.js';

type Row = RtRouteFamily['dump']['getroute']['reply'];

const INET = 2;
const INET6 = 10;
const LINES = [
  'route add 10.50.0.0/24 via 10.1.0.9',
  'route add 10.51.0.0/24 nexthop via 10.1.0.9 weight 3 nexthop via 10.9.0.2 dev v1 weight 256',
  'route add blackhole 10.52.0.0/16 metric 9',
  'route add 10.53.0.0/24 dev v0 table 300 src 10.1.0.1 mtu 1300 advmss 1200 initcwnd 12 proto 99 scope link tos 4',
  'route add 10.54.0.0/24 via 10.1.0.9 dev v0 rtt 100ms window 1000 onlink realm 3/4',
  'route add unreachable 10.55.0.1',
  'route add prohibit 10.55.0.2',
  'route add throw 10.55.0.3 table 400',
  'nexthop add id 9 via 10.1.0.77 dev v0',
  'nexthop add id 12 via 10.1.0.78 dev v0',
  'nexthop add id 10 group 9,5/12',
  'route add 10.57.0.0/24 via inet6 fd00::99 dev v0',
  'route add 10.59.0.0/24 encap ip id 5 dst 192.0.2.9 dev v0',
  'route add default via 10.1.0.9 metric 4000000000',
  '-6 route add fd50::/64 via fd00::99 dev v0 metric 5 pref high',
  '-6 route add fd51::/64 nexthop via fd00::7 dev v0 weight 2 nexthop via fd00::8 dev v1 weight 4',
  '-6 route add blackhole fd52::/48',
  '-6 route add fd53::/64 dev v1 mtu lock 1400 expires 500',
  '-6 route add fd54::/64 from fd00::/16 dev v1',
];

describe('rtRoute', () => {
  const namespace = useNamespace();
  let client: FamilyClient<RtRouteFamily>;
  let names: LinkNames;

  before(async () => {
    namespace().batch([
      ...['link add v0 type veth peer v1', 'link set v0 up', 'link set v1 up'],
      ...['addr add 10.1.0.1/24 dev v0', 'addr add 10.9.0.1 peer 10.9.0.2/32 dev v1', 'addr add fd00::1/64 dev v0 nodad'],
      'addr add fd00::2/64 dev v1 nodad',
    ]);
    for (const line of LINES) {
      try {
        namespace().ip(line);
      } catch (error) {
        // A kernel without CONFIG_IPV6_SUBTREES does not accept source-specific routes; all other lines must succeed.
        if (!line.includes(' from ')) throw error;
      }
    }
    names = await linkNames(namespace());
    client = rtRoute({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client.close();
  });

  const keyOf = (row: Row) => {
    const type = row.rtmType === 'unicast' ? '' : `${row.rtmType} `;
    return `${type}${destination(row)} ${names.of(row.oif) ?? ''} ${TABLE[row.table ?? 0] ?? String(row.table)} ${String(row.priority)}`;
  };
  const shownKey = (row: Shown) => {
    const type = row['type'] === 'unicast' ? '' : `${String(row['type'])} `;
    return `${type}${String(row['dst'])} ${String(row['dev'] ?? '')} ${String(row['table'])} ${String(row['metric'])}`;
  };
  // During the spec, duplicate address detection adds and removes routes of link-local addresses.
  const settled = (key: string) => !key.includes('fe80::') && !key.includes('ff00::');

  for (const [family, option] of [
    [INET, '-4'],
    [INET6, '-6'],
  ] as const) {
    it(`reads routes as ip ${option} shows them`, async () => {
      const rows = await lastValueFrom(client.list('getroute', { rtmFamily: family }));
      const shown = json(namespace(), `ip ${option} -j -d route show table all`);
      const byKey = new Map(rows.map((row) => [keyOf(row), row]));
      expect(rows.map(keyOf).filter(settled)).to.have.members(shown.map(shownKey).filter(settled));
      for (const row of shown.filter((each) => settled(shownKey(each))))
        compareFields(shownKey(row), row, byKey.get(shownKey(row))!, route(names));
      expect(shown.length).to.be.above(LINES.length / 2);
      expect(rows.filter((row) => Unknown in row)).to.deep.equal([]);
    });
  }

  it('dumps the routes of one table, which the kernel filters', async () => {
    const rows = await lastValueFrom(client.list('getroute', { rtmFamily: INET, table: 300 }));
    expect(rows.map(destination)).to.deep.equal(['10.53.0.0/24']);
  });

  it('looks up a route as ip route get does', async () => {
    const found = await lastValueFrom(client.do('getroute', { rtmFamily: INET, rtmDstLen: 32, dst: '10.50.0.7' }));
    const [shown] = json(namespace(), 'ip -j route get 10.50.0.7');
    expect([found.dst, found.gateway, names.of(found.oif), found.prefsrc]).to.deep.equal([
      shown!['dst'],
      shown!['gateway'],
      shown!['dev'],
      shown!['prefsrc'],
    ]);
  });

  it('writes routes that ip reads back', async () => {
    const flagsOf = { create: true, exclusive: true };
    const plain = { rtmFamily: INET, rtmDstLen: 24, rtmProtocol: 4, rtmType: 'unicast', rtmTable: 254 } as const;
    const [v0, v1] = [names.indexOf('v0'), names.indexOf('v1')];
    await lastValueFrom(
      client.do('newroute', { ...plain, dst: '10.70.0.0', gateway: '10.1.0.9', priority: 7, metrics: { mtu: 1280, quickack: 1 } }, flagsOf),
    );
    await lastValueFrom(
      client.do(
        'newroute',
        {
          ...plain,
          dst: '10.71.0.0',
          multipath: [
            { rtnhHops: 4, rtnhIfindex: v0, gateway: '10.1.0.9' },
            { rtnhHops: 0, rtnhIfindex: v1, gateway: '10.9.0.2' },
          ],
        },
        flagsOf,
      ),
    );
    await lastValueFrom(client.do('newroute', { ...plain, rtmType: 'prohibit', dst: '10.72.0.0' }, flagsOf));
    await lastValueFrom(
      client.do(
        'newroute',
        { ...plain, rtmScope: 253, dst: '10.73.0.0', oif: v0, encapType: 'ip', encap: { id: 77n, dst: '192.0.2.3', ttl: 9 } },
        flagsOf,
      ),
    );
    await lastValueFrom(
      client.do(
        'newroute',
        {
          rtmFamily: INET6,
          rtmDstLen: 64,
          rtmProtocol: 4,
          rtmType: 'unicast',
          rtmTable: 254,
          dst: 'fd70::',
          multipath: [
            { rtnhHops: 1, rtnhIfindex: v0, gateway: 'fd00::7' },
            { rtnhHops: 2, rtnhIfindex: v1, gateway: 'fd00::8' },
          ],
        },
        flagsOf,
      ),
    );
    const written = json(namespace(), 'ip -j route show proto static');
    expect(written).to.deep.equal([
      { dst: '10.70.0.0/24', gateway: '10.1.0.9', dev: 'v0', metric: 7, flags: [], metrics: [{ mtu: 1280, quickack: 1 }] },
      {
        dst: '10.71.0.0/24',
        flags: [],
        nexthops: [
          { gateway: '10.1.0.9', dev: 'v0', weight: 5, flags: [] },
          { gateway: '10.9.0.2', dev: 'v1', weight: 1, flags: [] },
        ],
      },
      { type: 'prohibit', dst: '10.72.0.0/24', flags: [] },
      {
        dst: '10.73.0.0/24',
        encap: { encap_type: 'ip', id: 77, src: '0.0.0.0', dst: '192.0.2.3', ttl: 9, tos: 0 },
        dev: 'v0',
        scope: 'link',
        flags: [],
      },
    ]);
    expect(json(namespace(), 'ip -6 -j route show proto static')[0]).to.deep.include({
      dst: 'fd70::/64',
      nexthops: [
        { gateway: 'fd00::7', dev: 'v0', weight: 2, flags: [] },
        { gateway: 'fd00::8', dev: 'v1', weight: 3, flags: [] },
      ],
    });
    await lastValueFrom(client.do('delroute', { ...plain, dst: '10.71.0.0' }));
    expect(json(namespace(), 'ip -j route show proto static').map(({ dst }) => dst)).to.not.include('10.71.0.0/24');
  });

  it('writes the flags of a nexthop, and of each of several nexthops', async () => {
    const { ifiIndex: oif } = await lastValueFrom(rtLink({ netns: namespace().path }).do('getlink', { ifname: 'v0' }));
    const where = { rtmFamily: INET, rtmTable: 254, rtmType: 'unicast', rtmDstLen: 24 } as const;
    const [gateway, flags] = ['192.0.2.99', RtnhFlags.Onlink];
    await lastValueFrom(client.do('newroute', { ...where, dst: '10.71.0.0', oif, gateway, rtmFlags: flags }, { create: true }));
    const multipath = [
      { rtnhIfindex: oif, gateway, rtnhFlags: flags },
      { rtnhIfindex: oif, gateway: '10.1.0.9' },
    ];
    await lastValueFrom(client.do('newroute', { ...where, dst: '10.72.0.0', multipath }, { create: true }));
    const [one] = json<Shown>(namespace(), 'ip -j route show 10.71.0.0/24');
    expect(one).to.deep.include({ gateway, flags: ['onlink'] });
    const [several] = json<Shown>(namespace(), 'ip -j route show 10.72.0.0/24');
    expect(several!['nexthops']).to.deep.equal([
      { gateway, dev: 'v0', weight: 1, flags: ['onlink'] },
      { gateway: '10.1.0.9', dev: 'v0', weight: 1, flags: [] },
    ]);
  });

  it('receives a notification for each change, with the flags of the request that caused it', async () => {
    const received = firstValueFrom(client.notifications('rtnlgrp-ipv4-route', 'rtnlgrp-ipv6-route').pipe(take(4), toArray()));
    namespace().batch([
      'route add 10.80.0.0/24 via 10.1.0.9',
      'route replace 10.80.0.0/24 via 10.1.0.10',
      'route del 10.80.0.0/24',
      'route add fd80::/64 dev v0',
    ]);
    const announced = (await received).map(({ op, value, replace }) =>
      [op, destination(value), value.gateway, replace && 'replace'].filter((word) => word !== undefined).join(' '),
    );
    expect(announced).to.deep.equal([
      'newroute-ntf 10.80.0.0/24 10.1.0.9',
      'newroute-ntf 10.80.0.0/24 10.1.0.10 replace',
      'delroute-ntf 10.80.0.0/24 10.1.0.10',
      'newroute-ntf fd80::/64',
    ]);
  });

  it('reads nexthop objects as ip nexthop shows them', async () => {
    const rows = await lastValueFrom(client.list('getnexthop'));
    const shown = json(namespace(), 'ip -j -d nexthop');
    expect(rows.map(({ id }) => id)).to.have.members(shown.map(({ id }) => id));
    for (const row of shown)
      compareFields(
        `nexthop ${String(row['id'])}`,
        row,
        rows.find(({ id }) => id === row['id'])!,
        nexthopObject(names),
      );
  });

  it('creates nexthop objects and groups, and receives their notifications', async () => {
    const received = firstValueFrom(client.notifications('rtnlgrp-nexthop').pipe(take(2), toArray()));
    const made = { create: true, exclusive: true };
    await lastValueFrom(client.do('newnexthop', { nhFamily: INET, id: 40, oif: names.indexOf('v0'), gateway: '10.1.0.40' }, made));
    await lastValueFrom(client.do('newnexthop', { id: 41, group: [{ id: 40, weight: 6 }] }, made));
    expect((await received).map(({ op, value }) => [op, value.id])).to.deep.equal([
      ['newnexthop-ntf', 40],
      ['newnexthop-ntf', 41],
    ]);
    // `ip nexthop show id` sends NHA_OP_FLAGS, which Linux 5.10 and 6.1 reject.
    expect(json(namespace(), 'ip -j nexthop').find(({ id }) => id === 41)).to.deep.include({ id: 41, group: [{ id: 40, weight: 7 }] });
    const got = await lastValueFrom(client.do('getnexthop', { id: 40 }));
    expect(got).to.include({ id: 40, gateway: '10.1.0.40' });
  });
});
