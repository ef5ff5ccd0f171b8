/*
 * Compiled with all other files, never run: the types of live collections.
 */
import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import { conntrack } from '../../lib/families/conntrack.js';
import { nftables } from '../../lib/families/nftables.js';
import { rtAddr, type GetaddrReply } from '../../lib/families/rt-addr.js';
import { rtLink, type RtLinkFamily } from '../../lib/families/rt-link.js';
import { rtNeigh } from '../../lib/families/rt-neigh.js';
import { tc } from '../../lib/families/tc.js';
import { wireguard } from '../../lib/families/wireguard.js';
import {
  coalesce,
  flaps,
  settle,
  toMap,
  watchTables,
  type ChangedProperty,
  type Flap,
  type LiveChange,
  type LiveDifference,
  type LiveTable,
  type SyncReason,
  type WatchableClient,
} from '../../lib/index.js';

type Link = RtLinkFamily['dump']['getlink']['reply'];

const link = rtLink();

/* Operations that can be watched */
expectTypeOf(link).toEqualTypeOf<WatchableClient<RtLinkFamily, 'getlink'>>();
expectTypeOf(link.watch('getlink')).toEqualTypeOf<Observable<LiveChange<Link & object>>>();
// @ts-expect-error newlink is not a dump
link.watch('newlink');
// @ts-expect-error counters have no events
link.watch('getstats');
// @ts-expect-error connections have one table
conntrack().watch('get-stats');
// @ts-expect-error elements of sets have no events
nftables().watch('getsetelem');
// @ts-expect-error WireGuard sends no events
wireguard().watch('get-device');
// @ts-expect-error a declaration exists only for what can be watched
rtNeigh().declarationOf('getneightbl');

/* Names of the properties that differ */
link.watch('getlink').subscribe((change) => {
  if (change.type !== 'changed') return;
  expectTypeOf(change.properties).toEqualTypeOf<readonly (keyof Link & string)[]>();
  void change.properties.includes('operstate');
  // @ts-expect-error a misspelt name
  void change.properties.includes('operstat');
});
tc()
  .watch('getqdisc')
  .subscribe((change) => {
    if (change.type === 'changed') void change.properties.includes('options');
  });
expectTypeOf<ChangedProperty<{ a: 1 } | { b: 2 }>>().toEqualTypeOf<'a' | 'b'>();
expectTypeOf<LiveChange<object> & { type: 'changed' }>().toHaveProperty('properties').toEqualTypeOf<readonly string[]>();

/* Several tables have the rows of each by the caller's names */
const joined = watchTables({ links: link.tableOf('getlink'), addresses: rtAddr().tableOf('getaddr', { ifaFamily: 2 }) });
joined.subscribe((emission) => {
  if (emission.type === 'synced') {
    expectTypeOf(emission.tables.links).toEqualTypeOf<readonly (Link & object)[]>();
    expectTypeOf(emission.tables.addresses[0]!.ifaIndex).toEqualTypeOf<number>();
    expectTypeOf(emission.reason).toEqualTypeOf<SyncReason>();
  } else if (emission.table === 'addresses') {
    expectTypeOf(emission.change).toEqualTypeOf<LiveDifference<GetaddrReply & object>>();
  } else {
    expectTypeOf(emission.table).toEqualTypeOf<'links'>();
    expectTypeOf(emission.change.value).toEqualTypeOf<Link & object>();
  }
});
expectTypeOf(link.watch('getlink')).not.toExtend<LiveTable<Link & object>>();
// @ts-expect-error an operation that cannot be watched
link.tableOf('getstats');

/* Operators keep the type of the rows */
expectTypeOf(link.watch('getlink').pipe(toMap(({ ifiIndex }) => ifiIndex))).toEqualTypeOf<Observable<ReadonlyMap<number, Link & object>>>();
expectTypeOf(link.keyOf('getlink')).toEqualTypeOf<(row: Link & object) => string>();
// @ts-expect-error an operation that cannot be watched
link.keyOf('getstats');
expectTypeOf(link.watch('getlink').pipe(coalesce({ within: 5, key: link.keyOf('getlink') }))).toEqualTypeOf<
  Observable<LiveChange<Link & object>>
>();
expectTypeOf(link.watch('getlink').pipe(settle({ for: 5 }))).toEqualTypeOf<Observable<LiveChange<Link & object>[]>>();
expectTypeOf(link.watch('getlink').pipe(flaps({ within: 5, of: 'operstate', key: ({ ifname }) => ifname }))).toEqualTypeOf<
  Observable<Flap<Link & object>>
>();
// @ts-expect-error a property that links do not have
link.watch('getlink').pipe(flaps({ within: 5, of: 'operstat', key: ({ ifname }) => ifname }));
