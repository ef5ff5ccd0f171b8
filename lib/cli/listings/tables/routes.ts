import { map } from 'rxjs';
import type { Route, RouteHop } from '../../../network/index.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { RouteTable } from '../../../network/routes/route-table.js';
import { duration } from '../../output/units.js';
import type { Listing } from '../listing.js';

/** `rxnetlink routes`: the routes of all tables, as `ip route show table all` has them. */
export const listing: Listing<Route, SomeTables<{ readonly routes: RouteTable }>> = {
  word: 'to',
  columns: [
    { title: 'TO', isKey: true, text: ({ to }) => to },
    { title: 'TYPE', text: ({ type }) => type },
    { title: 'VIA', isKey: true, text: (route) => hopsOf(route).map(viaOf).join(', ') },
    { title: 'TABLE', isKey: true, text: ({ table }) => table },
    { title: 'PROTOCOL', text: ({ protocol }) => protocol },
    { title: 'SCOPE', text: ({ scope }) => scope },
    { title: 'METRIC', isKey: true, text: ({ metric }) => metric, align: 'right' },
    { title: 'SOURCE', text: ({ source }) => source ?? undefined },
    { title: 'SETTINGS', text: settingsOf },
    {
      title: 'STATE',
      text: (route) => (hopsOf(route).every(({ dead }) => dead === true) ? 'dead' : route.linkDown === true ? 'link down' : undefined),
      colour: () => 'red',
    },
  ],
  open: (options) => openTables(options, (context, names) => ({ routes: new RouteTable(context, names, context) })),
  list: (net, filter) => net.routes.list(filter),
  watch: (net, filter) => net.view({ routes: filter }).pipe(map(({ routes }) => [...routes.values()])),
};

/** The ways of a route: one, several, or those of its nexthop object. */
function hopsOf(route: Route): readonly RouteHop[] {
  return route.hops ?? route.nexthopHops ?? [route];
}

function viaOf({ via, link, weight }: RouteHop): string {
  const way = [via, link].filter((part) => part !== undefined).join(' on ');
  return weight === undefined || weight === 1 ? way : `${way} x ${String(weight)}`;
}

/** Returns what few routes have, in the words of `ip route`. */
function settingsOf({ nexthop, from, tos, pref, mtu, mtuLocked, onlink, expires, encap }: Route): string {
  return [
    nexthop !== undefined && `nhid ${String(nexthop)}`,
    from !== undefined && `from ${from}`,
    tos !== undefined && tos !== 0 && `tos 0x${tos.toString(16)}`,
    encap !== undefined && `encap ${encap.type}`,
    mtu !== undefined && `mtu ${mtuLocked === true ? 'lock ' : ''}${String(mtu)}`,
    pref !== undefined && pref !== 'medium' && `pref ${pref}`,
    onlink === true && 'onlink',
    expires !== undefined && `expires ${String(duration(expires))}`,
  ]
    .filter((part) => part !== false)
    .join(' ');
}
