import type { NatsConnection } from '@nats-io/nats-core';
import {
  asyncScheduler,
  combineLatestWith,
  defer,
  map,
  merge,
  mergeMap,
  ReplaySubject,
  share,
  startWith,
  tap,
  throttle,
  throttleTime,
  timer,
} from 'rxjs';
import type { Cells, RowsChange, TableSource } from '../../dashboard/index.js';
import { fleet, type FleetOptions } from '../../fleet/index.js';
import { fleetConnection } from '../../fleet/internal.js';
import { FleetRows, watchTables, withAddresses } from '../fleet/fleet-rows.js';
import { applyHostChange, HOST_COLUMNS, type FleetHost } from '../fleet/hosts.js';
import type { KernelTable, TableName } from '../fleet/tables.js';
import { pageColumns } from './columns.js';

/** The shortest time in milliseconds between two emissions. */
const PAUSE_MS = 200;
/** The time in milliseconds for which the hosts are followed after the last page was closed. */
const KEPT_MS = 2000;
/** The part of the time that the rows of a large host may need: one in so many. */
const SHARE = 10;

/** The error of a table while the page's command has no connection to the nats-server. */
const LOST = 'the connection to the nats-server is lost: these rows are those of before';

/** Returns the table of the hosts of a fleet. All pages share one reader. */
export function hostsTable(connection: NatsConnection, options: FleetOptions): TableSource {
  const { heads, cellsOf } = pageColumns(HOST_COLUMNS);
  const changes = defer(() => {
    const hosts = new Map<string, FleetHost>();
    return fleet(connection, options)
      .hosts()
      .pipe(
        tap((change) => applyHostChange(hosts, change)),
        throttleTime(PAUSE_MS, asyncScheduler, { leading: true, trailing: true }),
        map((): RowsChange => ({ type: 'all', rows: cellsByKey(hosts, cellsOf) })),
        // The page of a fleet without hosts states that there are none.
        startWith<RowsChange>({ type: 'all', rows: new Map() }),
        combineLatestWith(fleetConnection(connection).up),
        map(([rows, isUp]): readonly RowsChange[] => [rows, { type: 'state', error: isUp ? undefined : LOST }]),
      );
  });
  return {
    head: { name: 'hosts', title: 'Hosts', columns: heads },
    changes: changes.pipe(
      // A page that chooses a host ends its stream before it opens the next one, which begins with rows and state.
      share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: () => timer(KEPT_MS) }),
      mergeMap((state) => state),
    ),
  };
}

/**
 * Returns the tables of one host. They share one reader: objects have the names of links, and links have addresses.
 *
 * @param options - They select the host.
 */
export function hostTables(
  connection: NatsConnection,
  options: FleetOptions,
  tables: ReadonlyMap<TableName, KernelTable>,
): readonly TableSource[] {
  const columns = new Map([...tables.values()].map((table) => [table.name, pageColumns(table.columns)]));
  const changes = defer(() => {
    const rows = new FleetRows();
    const known = new Map<string, FleetHost>();
    let pause = PAUSE_MS;
    const source = fleet(connection, options);
    return merge(
      watchTables(source, tables.values()).pipe(tap((change) => rows.apply(change))),
      source.hosts().pipe(tap((change) => applyHostChange(known, change))),
    ).pipe(
      throttle(() => timer(pause), { leading: true, trailing: true }),
      map(() => {
        const start = performance.now();
        const state = new Map([
          ...unpublished(known.values(), tables),
          ...tablesOf(rows, tables, (name, objects) => cellsByKey(objects, columns.get(name)!.cellsOf)),
        ]);
        pause = Math.max(PAUSE_MS, SHARE * (performance.now() - start));
        return state;
      }),
    );
  }).pipe(share({ connector: () => new ReplaySubject(1) }));
  return [...tables.values()].map(({ name }) => ({
    head: { name, title: `${name[0]!.toUpperCase()}${name.slice(1)}`, columns: columns.get(name)!.heads },
    changes: changes.pipe(mergeMap((state) => state.get(name) ?? [])),
  }));
}

/** Returns the changes that make each table of a page current; none for a table that has not been read. */
function tablesOf(
  rows: FleetRows,
  tables: ReadonlyMap<TableName, KernelTable>,
  cells: (name: TableName, objects: ReadonlyMap<string, object>) => ReadonlyMap<string, Cells>,
): ReadonlyMap<TableName, readonly RowsChange[]> {
  const state = new Map<TableName, readonly RowsChange[]>();
  for (const host of rows.hosts) {
    for (const [name, table] of tables) {
      if (!rows.has(host, table)) continue;
      const silent = rows.staleReason(host, table);
      const error =
        silent === undefined ? undefined : `${host} is ${silent === 'gone' ? 'gone' : `silent (${silent})`}: these rows may be out of date`;
      const objects = rows.objects(host, table);
      const complete = name === 'links' ? linksOf(objects, rows.objects(host, tables.get('addresses')!)) : objects;
      state.set(name, [
        { type: 'all', rows: cells(name, complete) },
        { type: 'state', error },
      ]);
    }
  }
  return state;
}

/** Returns the changes that state of each table that the agent of the host does not publish. */
function* unpublished(
  hosts: Iterable<FleetHost>,
  tables: ReadonlyMap<TableName, KernelTable>,
): Generator<readonly [TableName, readonly RowsChange[]]> {
  for (const { host, tables: published } of hosts) {
    if (published === undefined) continue;
    for (const [name, { family, op }] of tables) {
      if (Object.hasOwn(published, `${family}/${op}`)) continue;
      const error = `the agent of ${host} does not publish ${name}; its option --tables selects the tables`;
      yield [
        name,
        [
          { type: 'all', rows: new Map() },
          { type: 'state', error },
        ],
      ];
    }
  }
}

function linksOf(links: ReadonlyMap<string, object>, addresses: ReadonlyMap<string, object>): ReadonlyMap<string, object> {
  const complete = withAddresses(addresses.values());
  return new Map([...links].map(([key, link]) => [key, complete(link)]));
}

function cellsByKey<T>(objects: ReadonlyMap<string, T>, cellsOf: (object: T) => Cells): ReadonlyMap<string, Cells> {
  return new Map([...objects].map(([key, object]) => [key, cellsOf(object)]));
}
