import { forkJoin, map, mergeMap, type Observable } from 'rxjs';
import { checkOptionNames, kindOf } from '../check/index.js';
import type { SyncReason } from '../live/index.js';
import type { Address, AddressFilter } from './addresses/address.js';
import type { ClassFilter, WatchedClass } from './classes/traffic-class.js';
import type { ForwardingEntry, ForwardingFilter } from './fdb/forwarding-entry.js';
import type { FilterFilter, TrafficFilter } from './filters/traffic-filter.js';
import type { Link, LinkFilter } from './links/link.js';
import { watchView, type ViewTable } from './live/watch-view.js';
import type { Names } from './names/names.js';
import type { Neighbour, NeighbourFilter } from './neighbours/neighbour.js';
import type { Nexthop, NexthopFilter } from './nexthops/nexthop.js';
import type { QdiscFilter, WatchedQdisc } from './qdiscs/qdisc.js';
import type { Rule, RuleFilter } from './rules/rule.js';
import { runVerb } from './tables/run-verb.js';
import type { Route, RouteFilter } from './routes/route.js';

/** The objects of each table of a view. @public */
export interface ViewRows {
  /** Links, by name. */
  readonly links: Link;
  /** IP addresses. */
  readonly addresses: Address;
  /** Neighbours. */
  readonly neighbours: Neighbour;
  /** Forwarding entries. */
  readonly fdb: ForwardingEntry;
  /** Routes. */
  readonly routes: Route;
  /** Nexthop objects. */
  readonly nexthops: Nexthop;
  /** Routing rules. */
  readonly rules: Rule;
  /** Qdiscs, by place and link (`root on eth0`), without their counters. */
  readonly qdiscs: WatchedQdisc;
  /** Classes, by handle and link (`1:30 on eth0`), without their counters. */
  readonly classes: WatchedClass;
  /** Filters, by kind, priority, protocol, handle and place (`u32 priority 10 ip 800::800 on eth0 ingress`). */
  readonly filters: TrafficFilter;
}

/** The tables of a view: all objects, or those that match a filter. @public */
export interface ViewFilters {
  /** Links, by name. */
  readonly links?: true | LinkFilter;
  /** IP addresses. */
  readonly addresses?: true | AddressFilter;
  /** Neighbours. */
  readonly neighbours?: true | NeighbourFilter;
  /** Forwarding entries. */
  readonly fdb?: true | ForwardingFilter;
  /** Routes. */
  readonly routes?: true | RouteFilter;
  /** Nexthop objects. */
  readonly nexthops?: true | NexthopFilter;
  /** Routing rules. */
  readonly rules?: true | RuleFilter;
  /** Qdiscs. */
  readonly qdiscs?: true | QdiscFilter;
  /** Classes of qdiscs. */
  readonly classes?: true | ClassFilter;
  /** Filters of traffic control. */
  readonly filters?: true | FilterFilter;
}

/**
 * The tables of a network at one moment: exactly those that were asked for, each by the words of its objects
 * (`10.0.0.1/24 on eth0`). An emitted view never changes.
 *
 * @public
 */
export type View<Filters extends ViewFilters> = {
  readonly [Table in keyof Filters & keyof ViewRows]: ReadonlyMap<string, ViewRows[Table]>;
} & {
  /** Counts the emissions, from 1. */
  readonly version: number;
  /** `'change'` after changes, else the reason of a reading. */
  readonly reason: SyncReason | 'change';
};

/** The tables that a view may have. @internal */
export type ViewReaders = {
  readonly [Table in keyof ViewRows]: {
    viewFilter(filter: true | object): Observable<true | object>;
    viewTable(filter: true | object): ViewTable;
  };
};

/** Watches several tables as one; see `Network.view`. @throws TypeError if a table is unknown. @internal */
export function view<const Filters extends ViewFilters>(readers: ViewReaders, names: Names, filters: Filters): Observable<View<Filters>> {
  checkOptionNames('view', filters, new Set(Object.keys(readers)));
  const given = Object.entries<true | object>(filters as Readonly<Record<string, true | object>> & Filters);
  if (given.length === 0) throw new TypeError('view: no table; expected at least one');
  for (const [name, filter] of given)
    if (filter !== true && typeof filter !== 'object') throw new TypeError(`view: ${name} must be true or a filter, not ${kindOf(filter)}`);
  const context = { verb: 'view', subject: () => given.map(([name]) => name).join(', '), missing: [] };
  return runVerb(context, {}, () => {
    const reader = (name: string): ViewReaders[keyof ViewReaders] => readers[name as keyof ViewReaders];
    return forkJoin(given.map(([name, filter]) => reader(name).viewFilter(filter))).pipe(
      mergeMap((filters) => {
        const tables = given.map(([name], index) => [name, reader(name).viewTable(filters[index]!)] as const);
        return watchView(names.live, Object.fromEntries(tables));
      }),
      map(({ tables: maps, version, reason }) => ({ ...maps, version, reason }) as unknown as View<Filters>),
    );
  });
}
