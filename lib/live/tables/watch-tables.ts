import { Observable } from 'rxjs';
import { kindOf } from '../../check/index.js';
import type { LiveDifference, SyncReason } from '../live-change.js';
import { LiveTable } from './live-table.js';
import { LiveSource } from '../resync/live-source.js';
import type { ResyncSource } from '../resync/resync-loop.js';
import { TablesLoop } from '../resync/tables-loop.js';

/** Tables by the names that the caller gives them; `Rows` has the type of each table's rows. @public */
export type LiveTables<Rows> = { readonly [Name in keyof Rows]: LiveTable<Rows[Name]> };

/** A difference of one of several tables. @public */
export type TableDifference<Rows> = {
  [Name in keyof Rows]: {
    readonly type: 'change';
    /** The caller's name of the table. */
    readonly table: Name;
    readonly change: LiveDifference<Rows[Name]>;
  };
}[keyof Rows];

/** An emission of `watchTables`. @public */
export type TablesChange<Rows> =
  | {
      /** All tables are consistent with the kernel at the same point of its events; `tables` holds all entries. */
      readonly type: 'synced';
      readonly tables: { readonly [Name in keyof Rows]: readonly Rows[Name][] };
      readonly reason: SyncReason;
    }
  | TableDifference<Rows>;

/**
 * Watches several tables as one collection: emits `synced` with all of them, then every change in the kernel's order.
 *
 * Separate `watch()` streams are consistent each for itself: after a loss, an address may be emitted before its link. Here one
 * barrier stands behind the readings of all tables, and no address is ever emitted without its link. After a loss all tables are read
 * again before anything is emitted. After a `silent` change only the table concerned is read again; the events of all tables are
 * emitted meanwhile.
 *
 * ```text
 * links:      --a-----------b-----------      a, b links
 * addresses:  -----x-----------y--------      x, y addresses
 * result:     s-a--x-----#--(by)s-------      s = synced, # = overrun (read again)
 * ```
 *
 * All subscribers share one reading; a late subscriber receives `synced` inside `subscribe`.
 *
 * @param tables - Tables of clients that share one socket. Name a table before those whose rows refer to it: links before
 * addresses. Then differences that a reading finds are emitted in this order, and removals in the reverse order.
 * @throws TypeError if there is no table, or the clients do not share one socket.
 * @example Addresses that never precede their link
 * ```ts
 * const socket = netlink({ protocol: Protocol.Route });
 * watchTables({ links: rtLink(socket).tableOf('getlink'), addresses: rtAddr(socket).tableOf('getaddr') }).subscribe((change) => {
 *   if (change.type === 'change' && change.table === 'addresses') console.log(change.change.type, change.change.value.local);
 * });
 * ```
 * @public
 */
export function watchTables<Rows extends object>(tables: LiveTables<Rows>): Observable<TablesChange<Rows>> {
  if (typeof tables !== 'object' || (tables as unknown) === null)
    throw new TypeError(`watchTables(): expected tables by name, e.g. { links: client.tableOf('getlink') }, not ${kindOf(tables)}`);
  const named = Object.entries(tables) as [string, LiveTable<object>][];
  const [first] = named;
  if (first === undefined) throw new TypeError('watchTables(): no table; expected at least one');
  for (const [name, table] of named) {
    if (!((table as unknown) instanceof LiveTable))
      throw new TypeError(`watchTables(): ${name} is not a table; expected client.tableOf(op)`);
  }
  const [, { socket }] = first;
  for (const [name, table] of named) {
    if (table.socket === socket) continue;
    throw new TypeError(
      `watchTables(): ${name} (${table.name}) and ${first[0]} (${first[1].name}) have different sockets; create their clients with one socket`,
    );
  }
  return joinTables(
    named.map(([name]) => name),
    named.map(([, { source }]) => source),
  ) as Observable<TablesChange<Rows>>;
}

/**
 * Joins tables whose events arrive on one socket.
 *
 * @param sources - The barrier of the first one is that of all.
 * @internal
 */
export function joinTables(
  names: readonly string[],
  sources: readonly ResyncSource<object>[],
): Observable<TablesChange<Record<string, object>>> {
  const emissions = {
    difference: (index: number, change: LiveDifference<object>) => ({ type: 'change', table: names[index]!, change }) as const,
    synced: (entries: readonly (readonly object[])[], reason: SyncReason) =>
      ({ type: 'synced', tables: Object.fromEntries(names.map((name, index) => [name, entries[index]!])), reason }) as const,
  };
  const source = new LiveSource<TablesChange<Record<string, object>>>(
    (subscribers, fail) => new TablesLoop(sources, emissions, subscribers, fail),
  );
  return new Observable((subscriber) => source.subscribe(subscriber));
}
