import { merge, map } from 'rxjs';
import { addPair, eventually, one, pause, type NetworkCase } from '../world.js';

export const nexthopEventCases: readonly NetworkCase[] = [
  {
    title: 'notifies of nexthops, their groups and their routes',
    run: async (world) => {
      const { net, other } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      const texts: string[] = [];
      const { route } = other.clients;
      const listening = merge(
        route.notifications('rtnlgrp-nexthop').pipe(map(({ op, value }) => `${op} ${(value as { id: number }).id}`)),
        merge(route.notifications('rtnlgrp-ipv4-route'), route.notifications('rtnlgrp-ipv6-route')).pipe(
          map(({ op, value }) => `${op} ${(value as { dst?: string }).dst}`),
        ),
      ).subscribe((text) => texts.push(text.replace('-ntf', '')));
      await pause(20);
      const seen: string[][] = [];
      const step = async (run: () => Promise<unknown>): Promise<void> => {
        await run();
        await pause(60);
        seen.push(texts.splice(0));
      };
      const { nexthops, routes, links } = net;
      await step(() => one(nexthops.add({ id: 1, via: '10.0.0.8', link: 'v0' })));
      await step(() => one(nexthops.add({ id: 2, via: 'fd00::8', link: 'v0' })));
      await step(() => one(nexthops.add({ id: 3, group: [{ id: 1 }, { id: 2 }] })));
      await step(() => one(routes.add({ to: '10.5.0.0/16', nexthop: 1 })));
      await step(() => one(routes.add({ to: 'fd05::/64', nexthop: 2 })));
      await step(() => one(routes.add({ to: '10.6.0.0/16', nexthop: 3 })));
      await step(() => one(nexthops.change({ id: 1 }, { via: '10.0.0.9' })));
      await step(() => one(nexthops.change({ id: 2 }, { via: 'fd00::9' })));
      await step(() => one(nexthops.delete({ id: 2 })));
      await step(() => one(nexthops.delete({ id: 1 })));
      await step(() => one(nexthops.add({ id: 1, via: '10.0.0.8', link: 'v0' })));
      await step(() => one(nexthops.add({ id: 3, group: [{ id: 1 }] })));
      await step(() => one(nexthops.add({ id: 2, via: 'fd00::8', link: 'v0' })));
      await step(() => one(routes.add({ to: 'fd05::/64', nexthop: 2 })));
      await step(() => one(links.change('v0', { up: false })));
      listening.unsubscribe();
      return seen;
    },
    expected: [
      ['newnexthop 1'],
      ['newnexthop 2'],
      ['newnexthop 3'],
      ['newroute 10.5.0.0'],
      ['newroute fd05::'],
      ['newroute 10.6.0.0'],
      ['newnexthop 1', 'newroute 10.5.0.0', 'newroute 10.6.0.0'],
      ['newnexthop 2', 'newroute fd05::', 'newroute 10.6.0.0'],
      ['delnexthop 2', 'delroute fd05::', 'newnexthop 3'],
      ['delnexthop 1', 'delnexthop 3'],
      ['newnexthop 1'],
      ['newnexthop 3'],
      ['newnexthop 2'],
      ['newroute fd05::'],
      ['delroute fd05::', 'delroute fd00::', 'delroute fd00::1', 'delroute ff00::'],
    ],
  },
  {
    title: 'shows another program the nexthops as they come and go',
    run: async (world) => {
      const { net, other } = world;
      await addPair(world, '10.0.0.1/24');
      const texts: string[] = [];
      const watching = other.nexthops.watch().subscribe((change) => {
        texts.push(change.type === 'synced' ? `synced ${change.entries.length}` : `${change.type} ${change.value.id} ${change.value.via}`);
      });
      await eventually(() => texts.length === 1, 'synced');
      await one(net.nexthops.add({ id: 7, via: '10.0.0.8', link: 'v0' }));
      await one(net.nexthops.change({ id: 7 }, { via: '10.0.0.9' }));
      await one(net.nexthops.add({ id: 8, group: [{ id: 7 }] }));
      await one(net.links.change('v0', { up: false }));
      const removed = () => texts.filter((text) => text.startsWith('removed'));
      await eventually(() => removed().length === 2, 'both are removed');
      watching.unsubscribe();
      return [texts.slice(0, 4), removed().sort()];
    },
    expected: [
      ['synced 0', 'added 7 10.0.0.8', 'changed 7 10.0.0.9', 'added 8 undefined'],
      ['removed 7 10.0.0.9', 'removed 8 undefined'],
    ],
  },
];
