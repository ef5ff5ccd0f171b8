import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, takeWhile, toArray } from 'rxjs';
import { IfaFlags, rtAddr, type RtAddrFamily } from '../../../lib/families/rt-addr.js';
import type { FamilyClient } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { compareFields, type Shown } from '../../families/compare/fields.js';
import type { LinkNames } from '../../families/compare/link-names.js';
import { addressFields, type AddressRow as Row } from '../../families/compare/rt-addr.js';
import { json, linkNames } from './names.js';

interface ShownLink {
  readonly ifname: string;
  readonly addr_info: readonly Shown[];
}

const INET = 2;
const INET6 = 10;
const LINES = [
  'addr add 10.1.0.1/24 broadcast 10.1.0.255 dev v0 label v0:one',
  'addr add 10.1.0.2/24 dev v0',
  'addr add 10.1.0.2/16 dev v0 scope link noprefixroute',
  'addr add 10.9.0.1 peer 10.9.0.2/32 dev v1',
  'addr add 10.7.0.1/16 dev v0 valid_lft 1000 preferred_lft 500 metric 77',
  'addr add fd00::1/64 dev v0 nodad',
  'addr add fd00::5/64 dev v1 valid_lft 600 preferred_lft 0 nodad',
  'addr add fd00::9/128 dev lo home proto 7',
  'addr add fd00::a peer fd00::b/128 dev v0 nodad noprefixroute',
];

describe('rtAddr', () => {
  const namespace = useNamespace();
  let client: FamilyClient<RtAddrFamily>;
  let names: LinkNames;

  const shown = () =>
    json<ShownLink>(namespace(), 'ip -j -d addr').flatMap(({ ifname, addr_info }) => addr_info.map((row) => [ifname, row] as const));
  const slot = (ifname: string | undefined, row: { local: unknown; address: unknown; prefixlen: unknown }) =>
    `${ifname ?? '?'} ${String(row.local)} peer ${String(row.address)}/${String(row.prefixlen)}`;
  const slotOf = ({ ifaIndex, local, address, ifaPrefixlen }: Row) => {
    const own = local ?? address;
    return slot(names.of(ifaIndex), { local: own, address: own === address ? undefined : address, prefixlen: ifaPrefixlen });
  };

  before(async () => {
    namespace().batch(['link add v0 type veth peer v1', 'link set v0 up', 'link set v1 up', ...LINES]);
    names = await linkNames(namespace());
    client = rtAddr({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client.close();
  });

  it('reads addresses as ip shows them', async () => {
    const rows = await lastValueFrom(client.list('getaddr'));
    const table = shown().map(([ifname, row]) => [slot(ifname, row as never), row] as const);
    expect(rows.map(slotOf)).to.have.members(table.map(([key]) => key));
    for (const [key, row] of table) {
      compareFields(
        key,
        row as Record<string, unknown>,
        rows.find((value) => slotOf(value) === key)!,
        addressFields,
      );
    }
    // The kernel adds two addresses to the loopback when its link comes up.
    expect(table.length).to.equal(LINES.length + 2);
  });

  it('dumps the addresses of one family and interface, which the kernel filters', async () => {
    const rows = await lastValueFrom(client.list('getaddr', { ifaFamily: INET, ifaIndex: names.indexOf('v0') }));
    const wanted = shown().filter(([ifname, row]) => ifname === 'v0' && row['family'] === 'inet');
    expect(rows.map(({ local }) => local)).to.have.members(wanted.map(([, row]) => row['local']));
  });

  it('writes addresses that ip reads back', async () => {
    const v1 = names.indexOf('v1');
    const made = { ifaFamily: INET, ifaIndex: v1, ifaPrefixlen: 28 };
    await lastValueFrom(
      client.do(
        'newaddr',
        { ...made, local: '192.0.2.1', address: '192.0.2.1', broadcast: '192.0.2.15', label: 'v1:w', rtPriority: 5 },
        { create: true, exclusive: true },
      ),
    );
    await lastValueFrom(
      client.do(
        'newaddr',
        {
          ifaFamily: INET6,
          ifaIndex: v1,
          ifaPrefixlen: 72,
          address: 'fd77::1',
          flags: IfaFlags.Nodad | IfaFlags.Noprefixroute,
          cacheinfo: { ifaPrefered: 300, ifaValid: 900 },
        },
        { create: true },
      ),
    );
    const rows = shown().map(([ifname, row]) => ({ ifname, ...row }));
    expect(rows.find((row) => 'local' in row && row.local === '192.0.2.1')).to.deep.equal({
      ifname: 'v1',
      family: 'inet',
      local: '192.0.2.1',
      prefixlen: 28,
      metric: 5,
      broadcast: '192.0.2.15',
      scope: 'global',
      label: 'v1:w',
      valid_life_time: 4294967295,
      preferred_life_time: 4294967295,
    });
    const sixth = rows.find((row) => 'local' in row && row.local === 'fd77::1') as Record<string, unknown> | undefined;
    expect(sixth).to.include({ prefixlen: 72, nodad: true, noprefixroute: true, dynamic: true });
    expect(sixth!['valid_life_time']).to.be.within(890, 900);
    expect(sixth!['preferred_life_time']).to.be.within(290, 300);

    await lastValueFrom(client.do('deladdr', { ...made, local: '192.0.2.1' }));
    expect(shown().map(([, row]) => row['local'])).to.not.include('192.0.2.1');
  });

  it('receives a notification when an address is added or deleted', async () => {
    const received = firstValueFrom(
      client.notifications('rtnlgrp-ipv4-ifaddr', 'rtnlgrp-ipv6-ifaddr').pipe(
        takeWhile(({ op }) => op !== 'deladdr-ntf', true),
        toArray(),
      ),
    );
    namespace().batch(['addr add 10.200.0.1/32 dev lo', 'addr add fd99::1/128 dev lo', 'addr del 10.200.0.1/32 dev lo']);
    const announced = (await received).map(({ op, value, group }) => ({ op, group, address: value.address, ifaIndex: value.ifaIndex }));
    // RTNLGRP_IPV4_IFADDR 5, RTNLGRP_IPV6_IFADDR 9; the kernel announces an IPv6 address again after duplicate address detection
    const once = [...new Map(announced.map((each) => [JSON.stringify(each), each])).values()];
    expect(once).to.deep.equal([
      { op: 'newaddr-ntf', group: 5, address: '10.200.0.1', ifaIndex: 1 },
      { op: 'newaddr-ntf', group: 9, address: 'fd99::1', ifaIndex: 1 },
      { op: 'deladdr-ntf', group: 5, address: '10.200.0.1', ifaIndex: 1 },
    ]);
  });

  it('returns the address as the kernel made it when the request asks for an echo', async () => {
    const request = { ifaFamily: INET, ifaIndex: 1, ifaPrefixlen: 32, local: '10.201.0.1' };
    const reply = await lastValueFrom(client.do('newaddr', request, { create: true, echo: true }));
    expect(reply).to.deep.include({ ...request, address: '10.201.0.1', label: 'lo' });
  });

  it('reads joined multicast addresses as ip maddr shows them', async () => {
    const rows = await lastValueFrom(client.list('getmulticast', { ifaFamily: INET6 }));
    const listed = json<{ ifname: string; maddr: { family: string; address: string }[] }>(namespace(), 'ip -j maddr').flatMap(
      ({ ifname, maddr }) => maddr.filter(({ family }) => family === 'inet6').map(({ address }) => `${ifname} ${address}`),
    );
    expect(rows.map(({ ifaIndex, multicast }) => `${names.of(ifaIndex) ?? '?'} ${multicast ?? '?'}`)).to.have.members(listed);
    expect(listed.length).to.be.above(3);
  });
});
