import { defer, map, type Observable } from 'rxjs';
import {
  mapToRows,
  toRows,
  watchRoutes,
  type Cells,
  type NamespaceRows,
  type RowsChange,
  type TableName,
  type TableSource,
} from '../../dashboard/index.js';
import type { Network, NetworkOptions } from '../../network/index.js';
import { watchCounted, type Counted } from '../../network/internal.js';
import { conntrack } from '../../families/conntrack.js';
import { listing as addresses } from '../listings/tables/addresses.js';
import { listing as connections } from '../listings/tables/connections.js';
import { listing as links } from '../listings/tables/links.js';
import { listing as neighbours } from '../listings/tables/neighbours.js';
import { listing as routes } from '../listings/tables/routes.js';
import { listing as sockets } from '../listings/tables/sockets.js';
import type { Column } from '../output/table.js';
import { pageColumns } from './columns.js';
import { holdOpen } from './hold-open.js';
import { pollSockets } from './poll-sockets.js';

/** The time in milliseconds between two readings of counters. */
const COUNTERS_MS = 2000;

const COUNTERS: readonly Column<Counted>[] = [
  { title: 'FAMILY', text: ({ family }) => family },
  { title: 'TABLE', text: ({ table }) => table },
  { title: 'CHAIN', text: ({ chain }) => chain },
  { title: 'RULE OR COUNTER', text: ({ text }) => text },
  { title: 'COMMENT', text: ({ comment }) => comment },
  { title: 'PACKETS', text: ({ packets }) => Number(packets) },
  { title: 'BYTES', text: ({ bytes }) => Number(bytes) },
];

/** Returns the tables of a page, in the order of its tabs, in the words of the listings. */
export function dashboardTables(
  net: Network,
  rows: Observable<NamespaceRows>,
  options: NetworkOptions,
): { readonly tables: readonly TableSource[]; close: () => void } {
  const tracking = conntrack(options);
  const own = <Name extends keyof NamespaceRows>(name: Name) => rows.pipe(map((tables) => tables[name]));
  return {
    tables: [
      table('links', 'Links', links.columns, (cellsOf) => own('links').pipe(mapToRows(cellsOf))),
      table('addresses', 'Addresses', addresses.columns, (cellsOf) => own('addresses').pipe(mapToRows(cellsOf))),
      table('routes', 'Routes', routes.columns, (cellsOf) =>
        holdOpen(net.clients.route.socket, watchRoutes(net, rows)).pipe(toRows({ nameOf: keyBy(routes.columns), cellsOf })),
      ),
      table('neighbours', 'Neighbours', neighbours.columns, (cellsOf) => own('neighbours').pipe(mapToRows(cellsOf))),
      table('sockets', 'Sockets', sockets.columns, (cellsOf) => {
        const nameOf = ({ cookie }: { readonly cookie: bigint }): string => String(cookie);
        return holdOpen(net.clients.sockDiag.socket, pollSockets(net)).pipe(toRows({ nameOf, cellsOf }));
      }),
      table('connections', 'Connections', connections.columns, (cellsOf) =>
        tracking.watch('get').pipe(toRows({ nameOf: keyBy(connections.columns), cellsOf })),
      ),
      table('counters', 'Counters', COUNTERS, (cellsOf) =>
        holdOpen(net.clients.nftables.socket, watchCounted(net.clients.nftables, COUNTERS_MS)).pipe(
          toRows({ nameOf: counterKey, cellsOf }),
        ),
      ),
    ],
    close: () => tracking.close(),
  };
}

/** @param changes - Returns the rows, made by a function that returns the cells of an object. */
function table<T>(
  name: TableName,
  title: string,
  all: readonly Column<T>[],
  changes: (cellsOf: (object: T) => Cells) => Observable<RowsChange>,
): TableSource {
  const { heads, cellsOf } = pageColumns(all);
  return { head: { name, title, columns: heads }, changes: defer(() => changes(cellsOf)) };
}

/** Returns the words that name an object in the listing. */
function keyBy<T>(columns: readonly Column<T>[]): (object: T) => string {
  const keys = columns.filter(({ isKey }) => isKey === true);
  return (object) => keys.map(({ text }) => text(object) ?? '').join(' ');
}

function counterKey({ family, table: owner, chain, handle }: Counted): string {
  return `${family} ${owner} ${chain === undefined ? 'counter' : 'rule'} ${String(handle)}`;
}
