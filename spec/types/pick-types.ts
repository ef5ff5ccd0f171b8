/*
 * Compiled with all other files, never run: the types of picked rows.
 */
import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import { ethtool } from '../../lib/families/ethtool.js';
import { nftables } from '../../lib/families/nftables.js';
import { rtLink, type RtLinkFamily } from '../../lib/families/rt-link.js';
import { rtRoute, type RtRouteFamily } from '../../lib/families/rt-route.js';
import { tc } from '../../lib/families/tc.js';
import { loadFamily } from '../../lib/spec-loader/index.js';

declare function use(value: unknown): void;

type Route = RtRouteFamily['dump']['getroute']['reply'];
type Link = RtLinkFamily['dump']['getlink']['reply'];

const link = rtLink();
const route = rtRoute();

/* Rows */
expectTypeOf(route.dump('getroute', {}, { pick: ['dst', 'oif'] })).toEqualTypeOf<Observable<Pick<Route, 'dst' | 'oif'>>>();
expectTypeOf(route.list('getroute', { rtmFamily: 2 }, { pick: ['dst'], retries: 1 })).toEqualTypeOf<Observable<Pick<Route, 'dst'>[]>>();
expectTypeOf(route.list('getroute', {}, { retries: 1 })).toEqualTypeOf<Observable<Route[]>>();
expectTypeOf(route.dump('getroute', {}, { timeout: 5 })).toEqualTypeOf<Observable<Route>>();
route.dump('getroute', {}, { pick: ['dst', 'multipath'], timeout: 5 }).subscribe((row) => {
  expectTypeOf(row.dst).toEqualTypeOf<string | undefined>();
  // A picked property is complete.
  expectTypeOf(row.multipath?.[0]?.rtnhHops).toEqualTypeOf<number | undefined>();
  // @ts-expect-error it was not picked
  use(row.oif);
});
// @ts-expect-error a misspelt name
route.dump('getroute', {}, { pick: ['dst', 'oiff'] });
// @ts-expect-error a nested property
route.dump('getroute', {}, { pick: ['rtnhHops'] });
// @ts-expect-error not a list
route.dump('getroute', {}, { pick: 'dst' });
// @ts-expect-error a misspelt option besides pick
route.dump('getroute', {}, { pick: ['dst'], timeuot: 5 });
const names = ['dst', 'oif'] as const;
expectTypeOf(route.dump('getroute', {}, { pick: names })).toEqualTypeOf<Observable<Pick<Route, 'dst' | 'oif'>>>();

/* Replies */
expectTypeOf(link.do('getlink', { ifname: 'lo' }, { pick: ['mtu'] })).toEqualTypeOf<Observable<Pick<Link, 'mtu'>>>();
link.do('newlink', {}, { echo: true, pick: ['ifname'] }).subscribe((reply) => {
  expectTypeOf(reply).extract<undefined>().toEqualTypeOf<undefined>();
  expectTypeOf(reply?.ifname).toEqualTypeOf<string | undefined>();
});
expectTypeOf(nftables().do('newtable', { name: 't' }, { pick: ['handle'] })).toExtend<
  Observable<{ readonly handle?: bigint } | undefined>
>();

/* A union stays a union: the kind determines the options */
tc()
  .dump('getqdisc', {}, { pick: ['kind', 'options'] })
  .subscribe((row) => {
    // @ts-expect-error it was not picked
    use(row.ifindex);
    if (row.kind === 'htb') expectTypeOf(row.options?.init?.directPkts).toEqualTypeOf<number | undefined>();
  });

/* Notifications */
link.notifications('rtnlgrp-link', { pick: ['ifname', 'ifiIndex'] }).subscribe(({ op, value }) => {
  expectTypeOf(op).toEqualTypeOf<'newlink-ntf' | 'dellink-ntf'>();
  expectTypeOf(value).toEqualTypeOf<Pick<Link, 'ifname' | 'ifiIndex'>>();
});
ethtool()
  .notifications('monitor', { pick: ['rx', 'header'] })
  .subscribe((notification) => {
    if (notification.op === 'rings-ntf') expectTypeOf(notification.value.rx).toEqualTypeOf<number | undefined>();
    // @ts-expect-error not every notification of the group has it
    use(notification.value.rx);
    use(notification.value.header);
  });
route.notifications('rtnlgrp-ipv4-route', 'rtnlgrp-nexthop', { pick: ['dst', 'id'] }).subscribe(({ op, value }) => {
  expectTypeOf(op).toEqualTypeOf<'newroute-ntf' | 'delroute-ntf' | 'newnexthop-ntf' | 'newnexthopbucket-ntf' | 'delnexthop-ntf'>();
  use(value);
});
// @ts-expect-error a misspelt name
link.notifications('rtnlgrp-link', { pick: ['ifnam'] });
// @ts-expect-error the option follows the groups
link.notifications({ pick: ['ifname'] }, 'rtnlgrp-link');

/* A family that was loaded at run time */
expectTypeOf(loadFamily('')().dump('anything', {}, { pick: ['some'] })).toEqualTypeOf<
  Observable<Pick<Readonly<Record<string, unknown>>, 'some'>>
>();
