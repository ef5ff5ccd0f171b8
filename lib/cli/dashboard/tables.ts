import { defer, type Observable } from 'rxjs';
import { toRows, type Cell, type Cells, type ColumnHead, type TableName, type TableSource } from '../../dashboard/index.js';
import type { LiveChange } from '../../live/index.js';
import type { Network, NetworkOptions } from '../../network/index.js';
import { watchCounted, type Counted } from '../../network/internal.js';
import { conntrack } from '../../families/conntrack.js';
import { listing as addresses } from '../listings/tables/addresses.js';
import { listing as connections } from '../listings/tables/connections.js';
import { listing as links } from '../listings/tables/links.js';
import { listing as neighbours } from '../listings/tables/neighbours.js';
import { listing as routes } from '../listings/tables/routes.js';
import { listing as sockets } from '../listings/tables/sockets.js';
import { printable } from '../output/printable.js';
import type { Column } from '../output/table.js';
import { pollSockets } from './poll-sockets.js';

/** The time in milliseconds between two readings of counters. */
const COUNTERS_MS = 2000;

/** The titles that are abbreviations. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(['MAC', 'MTU']);
/** The columns with numbers, by their titles. */
const NUMERIC: ReadonlySet<string> = new Set(['MTU', 'METRIC', 'RECEIVE QUEUE', 'SEND QUEUE', 'MARK', 'PACKETS', 'BYTES']);
/** Columns of times that pass: the kernel sends no event while they do. */
const PASSING: ReadonlySet<string> = new Set(['VALID', 'PREFERRED', 'ENDS IN']);
/** The names of columns whose numbers the page shows in bytes. */
const NAMES: Readonly<Record<string, string>> = { BYTES: 'counterBytes' };

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
export function dashboardTables(net: Network, options: NetworkOptions): { readonly tables: readonly TableSource[]; close: () => void } {
  const tracking = conntrack(options);
  return {
    tables: [
      table(
        'links',
        'Links',
        links.columns,
        () => net.links.watch({ with: 'addresses' }),
        ({ index }) => String(index),
      ),
      table('addresses', 'Addresses', addresses.columns, () => net.addresses.watch()),
      table('routes', 'Routes', routes.columns, () => net.routes.watch()),
      table('neighbours', 'Neighbours', neighbours.columns, () => net.neighbours.watch()),
      table(
        'sockets',
        'Sockets',
        sockets.columns,
        () => pollSockets(net),
        ({ cookie }) => String(cookie),
      ),
      table('connections', 'Connections', connections.columns, () => tracking.watch('get')),
      table(
        'counters',
        'Counters',
        COUNTERS,
        () => watchCounted(net.clients.nftables, COUNTERS_MS),
        ({ family, table, chain, handle }) => `${family} ${table} ${chain === undefined ? 'counter' : 'rule'} ${String(handle)}`,
      ),
    ],
    close: () => tracking.close(),
  };
}

/** @param nameOf - Returns the key of an object; the cells that name it in the listing if omitted. */
function table<T extends object>(
  name: TableName,
  title: string,
  all: readonly Column<T>[],
  watch: () => Observable<LiveChange<T> | readonly T[]>,
  nameOf?: (object: T) => string,
): TableSource {
  const columns = all.filter((column) => !PASSING.has(column.title));
  const keys = columns.filter(({ isKey }) => isKey === true);
  const cellsOf = (object: T): Cells => columns.map(({ text }) => cellOf(text(object)));
  return {
    head: { name, title, columns: columns.map(headOf) },
    changes: defer(watch).pipe(toRows({ nameOf: nameOf ?? ((object) => keys.map(({ text }) => text(object) ?? '').join(' ')), cellsOf })),
  };
}

function headOf({ title }: Column<never>): ColumnHead {
  const text = ABBREVIATIONS.has(title) ? title : `${title[0]!}${title.slice(1).toLowerCase()}`;
  const name = NAMES[title] ?? title.toLowerCase().replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  return { name, title: text, ...(NUMERIC.has(title) && { numeric: true }) };
}

/** Names from the kernel may have characters that reverse the text around them. */
function cellOf(value: string | number | undefined): Cell {
  if (value === undefined || value === '') return null;
  return typeof value === 'number' ? value : printable(value);
}
