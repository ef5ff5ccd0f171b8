import { merge, map, type Observable } from 'rxjs';
import { IfinfoFlags, type GetlinkReply } from '../../../lib/families/generated/rt-link.js';
import type { Network } from '../../../lib/network/network.js';
import { one, pause, stateOf, type NetworkCase } from './world.js';

/** Emits the notifications of links, addresses, routes and neighbours in the kernel's order: they arrive on one socket. */
function notifications({ clients: { link, addr, route, neigh } }: Network): Observable<string> {
  const named = (op: string, ...parts: readonly unknown[]): string => [op.replace('-ntf', ''), ...parts].filter(Boolean).join(' ');
  const addresses = merge(addr.notifications('rtnlgrp-ipv4-ifaddr'), addr.notifications('rtnlgrp-ipv6-ifaddr'));
  const routes = merge(route.notifications('rtnlgrp-ipv4-route'), route.notifications('rtnlgrp-ipv6-route'));
  return merge(
    link.notifications('rtnlgrp-link').pipe(map(({ op, value }) => named(op, ...linkParts(value)))),
    addresses.pipe(map(({ op, value }) => named(op, value.local ?? value.address))),
    routes.pipe(map(({ op, value }) => named(op, value.rtmType, value.dst, value.rtmDstLen))),
    neigh.notifications('rtnlgrp-neigh').pipe(map(({ op, value }) => named(op, value.dst ?? 'none', value.lladdr ?? 'none'))),
  );
}

function linkParts({ ifname, ifiFlags, operstate, ifiFamily }: GetlinkReply): readonly unknown[] {
  const has = (flag: number): boolean => (ifiFlags & flag) !== 0;
  return [ifiFamily === 0 ? '' : 'bridge', ifname, has(IfinfoFlags.Up) ? 'up' : 'down', has(IfinfoFlags.LowerUp) && 'carrier', operstate];
}

/** Entries that the kernel makes for packets of its own, for groups of multicast. */
const OWN = /neigh (ff02|224|none)/;

export const notificationCases: readonly NetworkCase[] = [
  {
    title: 'sends the notifications of each change in the order of Linux',
    run: async ({ net, other }) => {
      const texts: string[] = [];
      const listening = notifications(other).subscribe((text) => {
        // The kernel may report one state of a link twice.
        if (!OWN.test(text) && texts.at(-1) !== text) texts.push(text);
      });
      await pause(20);
      const seen: string[][] = [];
      const step = async (run: () => Promise<unknown>): Promise<void> => {
        await run();
        await pause(100);
        seen.push(texts.splice(0));
      };
      await step(() => one(net.links.add({ name: 'v0', kind: 'veth', veth: { peer: { name: 'v1' } } })));
      await step(() => one(net.links.change('v0', { up: true })));
      await step(async () => {
        await one(net.links.change('v1', { up: true }));
        await stateOf(net, 'v0', 'up');
      });
      await step(() => one(net.addresses.add({ link: 'v0', address: '10.0.0.1/24' })));
      await step(() => one(net.addresses.add({ link: 'v0', address: '10.0.0.2/24' })));
      await step(() => one(net.addresses.add({ link: 'v0', address: 'fd00::1/64', noDad: true })));
      await step(() => one(net.routes.add({ to: '10.5.0.0/16', via: '10.0.0.9' })));
      await step(() => one(net.neighbours.add({ link: 'v0', address: '10.0.0.9', mac: '02:00:00:00:00:09' })));
      await step(async () => {
        await one(net.links.change('v1', { up: false }));
        await stateOf(net, 'v0', 'lower-layer-down');
      });
      await step(() => one(net.links.change('v0', { up: false })));
      await step(() => one(net.links.change('v0', { up: true })));
      await step(() => one(net.addresses.delete({ link: 'v0', address: '10.0.0.1/24' })));
      await step(() => one(net.links.delete('v1')));
      listening.unsubscribe();
      return seen;
    },
    expected: [
      ['newlink v1 down down', 'newlink v0 down down'],
      ['newlink v0 up lowerlayerdown'],
      [
        'newlink v1 up carrier lowerlayerdown',
        'newroute multicast ff00:: 8',
        'newlink v1 up carrier up',
        'newroute multicast ff00:: 8',
        'newlink v0 up carrier up',
      ],
      ['newaddr 10.0.0.1', 'newroute local 10.0.0.1 32', 'newroute unicast 10.0.0.0 24', 'newroute broadcast 10.0.0.255 32'],
      ['newaddr 10.0.0.2', 'newroute local 10.0.0.2 32'],
      ['newroute unicast fd00:: 64', 'newaddr fd00::1', 'newroute local fd00::1 128'],
      ['newroute unicast 10.5.0.0 16'],
      ['newneigh 10.0.0.9 02:00:00:00:00:09'],
      ['newlink v1 down down', 'delroute multicast ff00:: 8', 'newlink v0 up lowerlayerdown'],
      [
        'newlink v0 down down',
        'delneigh 10.0.0.9 02:00:00:00:00:09',
        'delroute unicast fd00:: 64',
        'delroute local fd00::1 128',
        'delroute multicast ff00:: 8',
        'deladdr fd00::1',
      ],
      ['newlink v0 up lowerlayerdown', 'newroute unicast 10.0.0.0 24', 'newroute broadcast 10.0.0.255 32'],
      [
        'deladdr 10.0.0.2',
        'delroute local 10.0.0.2 32',
        'deladdr 10.0.0.1',
        'delroute unicast 10.0.0.0 24',
        'delroute broadcast 10.0.0.255 32',
        'delroute local 10.0.0.1 32',
      ],
      ['newlink v0 down down', 'dellink v1 down down', 'dellink v0 down down'],
    ],
  },
  {
    title: 'sends the echo of a request as its reply, and one notification to each subscriber',
    run: async ({ net, other }) => {
      const add = (dst: string) =>
        one(
          net.clients.route.do(
            'newroute',
            { rtmFamily: 2, dst, rtmType: 'blackhole', rtmTable: 254, rtmProtocol: 4 },
            { create: true, exclusive: true, echo: true },
          ),
        );
      // The socket is not a member of the group.
      const alone = await add('10.4.0.0/15');
      // The socket delivers it to subscribers in a later turn than the reply.
      await pause(10);
      const own: string[] = [];
      const others: string[] = [];
      const same: number[] = [];
      const both = [
        notifications(net).subscribe((text) => own.push(text)),
        notifications(other).subscribe((text) => others.push(text)),
        // RTNLGRP_IPV4_ROUTE, on the socket that sends the request.
        net.clients.route.socket.multicast(7).subscribe(({ type }) => same.push(type)),
      ];
      await pause(20);
      const before = [own.length, others.length];
      const reply = await add('10.5.0.0/16');
      await pause(20);
      for (const listening of both) listening.unsubscribe();
      return [before, alone?.rtmDstLen, reply?.rtmDstLen, own, others, same];
    },
    expected: [[0, 0], 15, 16, ['newroute blackhole 10.5.0.0 16'], ['newroute blackhole 10.5.0.0 16'], [24]],
  },
];
