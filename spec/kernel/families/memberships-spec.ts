import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { rtAddr, type RtAddrFamily } from '../../../lib/families/rt-addr.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { needsFunction } from '../../support/features.js';
import { useNamespace } from '../../support/namespace.js';
import { collect, until, type Collected } from '../../support/sockets.js';
import { json } from './names.js';

const [INET, INET6] = [2, 10];
type Event = RtAddrFamily['notifications']['newmulticast-ntf'];

describe('memberships of rtAddr', () => {
  const namespace = useNamespace();
  let client: WatchableClient<RtAddrFamily, 'getaddr'>;
  let index = 0;

  /** Returns the IP groups that `ip` lists for v0. */
  const joined = (): string[] =>
    json<{ ifname: string; maddr: { family?: string; address?: string }[] }>(namespace(), 'ip -j maddr show dev v0').flatMap(({ maddr }) =>
      maddr.flatMap(({ family, address }) => (family?.startsWith('inet') === true ? [address!] : [])),
    );
  /** Returns the anycast addresses of v0 in /proc/net/anycast6, in hexadecimal digits. */
  const anycast = (): string[] =>
    namespace()
      .run('cat', '/proc/net/anycast6')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, ifname, address]) => (ifname === 'v0' ? [address!] : []));
  const events = (group: keyof RtAddrFamily['groups']): Collected<{ readonly op: string; readonly value: Event }> => {
    const collected = collect(client.notifications(group));
    client.socket.connect();
    return collected;
  };

  before(() => {
    namespace().batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up', 'addr add 2001:db8:5::1/64 dev v0 nodad']);
    index = json<{ ifindex: number }>(namespace(), 'ip -j link show v0')[0]!.ifindex;
  });
  beforeEach(() => {
    client = rtAddr({ netns: namespace().path });
  });
  afterEach(() => {
    client.close();
  });

  for (const [group, ifaFamily, address, length, needed] of [
    ['rtnlgrp-ipv4-mcaddr', INET, '239.7.7.7', 32, 'inet_ifmcaddr_notify'],
    ['rtnlgrp-ipv6-mcaddr', INET6, 'ff05::77', 128, 'inet6_ifmcaddr_notify'],
  ] as const)
    it(`emits groups that an interface joins and leaves (${address})`, async function () {
      needsFunction(this, needed, 'events of memberships');
      const { values } = events(group);
      const of = (op: string): Event[] =>
        values.flatMap((event) => (event.op === op && event.value.multicast === address ? [event.value] : []));
      namespace().ip(`addr add ${address}/${String(length)} dev v0 autojoin`);
      await until('the event', () => of('newmulticast-ntf').length > 0);
      expect(joined()).to.include(address);
      expect(of('newmulticast-ntf')[0]).to.include({ ifaFamily, ifaIndex: index, ifaPrefixlen: length, ifaScope: 0, multicast: address });
      const rows = await lastValueFrom(client.list('getmulticast', { ifaFamily }));
      expect(rows.filter(({ ifaIndex }) => ifaIndex === index).map(({ multicast }) => multicast)).to.have.members(
        joined().filter((text) => text.includes(':') === (ifaFamily === INET6)),
      );
      namespace().ip(`addr del ${address}/${String(length)} dev v0`);
      await until('the end', () => of('delmulticast-ntf').length > 0);
      expect(of('delmulticast-ntf')[0]).to.include({ ifaIndex: index, multicast: address });
      expect(joined()).to.not.include(address);
    });

  it('lists anycast addresses as /proc does', async () => {
    namespace().run('sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/v0/forwarding');
    expect(anycast()).to.include('20010db8000500000000000000000000');
    const rows = await lastValueFrom(client.list('getanycast', { ifaFamily: INET6 }));
    const own = rows.filter(({ ifaIndex }) => ifaIndex === index);
    expect(own.length).to.equal(anycast().length);
    expect(own.map((row) => row.anycast)).to.include('2001:db8:5::');
  });

  it('emits anycast addresses that a router starts and stops using', async function () {
    needsFunction(this, 'inet6_ifacaddr_notify', 'events of anycast addresses');
    namespace().run('sh', '-c', 'echo 0 > /proc/sys/net/ipv6/conf/v0/forwarding');
    const { values } = events('rtnlgrp-ipv6-acaddr');
    for (const [forwarding, op] of [
      [1, 'newanycast-ntf'],
      [0, 'delanycast-ntf'],
    ] as const) {
      namespace().run('sh', '-c', `echo ${String(forwarding)} > /proc/sys/net/ipv6/conf/v0/forwarding`);
      const found = (): Event | undefined => values.find((event) => event.op === op && event.value.anycast === '2001:db8:5::')?.value;
      await until(op, () => found() !== undefined);
      expect(found()).to.include({ ifaFamily: INET6, ifaIndex: index, ifaPrefixlen: 128 });
    }
  });
});
