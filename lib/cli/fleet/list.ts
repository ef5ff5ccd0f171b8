import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  finalize,
  forkJoin,
  ignoreElements,
  merge,
  mergeMap,
  of,
  tap,
  throttleTime,
  type Observable,
} from 'rxjs';
import { fleet, type SampledTableName } from '../../fleet/index.js';
import { readFilter } from '../listings/filter-words.js';
import { printer } from '../listings/print-objects.js';
import { printable } from '../output/printable.js';
import type { Column } from '../output/table.js';
import { ExitCode } from '../run/exit-code.js';
import type { FleetAction, FleetCall, FleetOptions } from './fleet-call.js';
import { applyHostChange, NO_HOSTS, type FleetHost } from './hosts.js';
import { FleetRows, watchTables, withAddresses } from './fleet-rows.js';
import { SAMPLED_FLEET_TABLES } from './sampled/sampled-tables.js';
import { untilComplete } from './until-complete.js';
import { hostsWithBeats, hostsWithRows } from './stored-hosts.js';
import { fleetTables, type FleetTable, type TableName } from './tables.js';

/** The shortest time between two tables, as for the listings of one host. */
const PAUSE_MS = 100;

/** An object of a host. */
interface Listed {
  readonly host: string;
  /** True if the host is silent: the object may be out of date. */
  readonly silent: boolean;
  readonly object: object;
}

/** Returns the command that lists a table of many hosts, in the words and with the columns of the listing of one host. */
export function listTable(name: FleetTable['name']): FleetAction {
  return (call) => {
    const { tables, close } = fleetTables();
    const sampled = SAMPLED_FLEET_TABLES.get(name as SampledTableName);
    const table = sampled ?? tables.get(name as TableName)!;
    const isWanted = table.matcher(readFilter(call.words, table.word, table.wordMayBeNumber));
    const needed = sampled === undefined ? neededBy(name as TableName).map((other) => tables.get(other)!) : [table];
    const options = call.options as FleetOptions;
    const print = printer<Listed>(
      { columns: columnsOf(table), json: ({ host, silent, object }) => ({ host, ...(silent && { silent }), ...object }) },
      { json: options.json === true, watch: options.watch === true },
      call,
    );
    const show = (rows: FleetRows): number => {
      const found = listed(rows, table, needed, isWanted);
      print(found);
      return found.length;
    };
    return (source) =>
      (options.watch === true ? watch(source, needed, show) : list(source, needed, show)).pipe(
        finalize(() => {
          close();
        }),
      );
  };
}

/** The tables that a listing needs: links have addresses, and the other tables names of links. */
function neededBy(name: TableName): readonly TableName[] {
  if (name === 'links') return ['links', 'addresses'];
  return name === 'rules' ? ['rules'] : [name, 'links'];
}

function watch(
  { connection, selection }: FleetCall,
  needed: readonly FleetTable[],
  show: (rows: FleetRows) => number,
): Observable<ExitCode> {
  const rows = new FleetRows();
  return watchTables(fleet(connection, selection), needed).pipe(
    tap((change) => rows.apply(change)),
    throttleTime(PAUSE_MS, asyncScheduler, { leading: true, trailing: true }),
    tap(() => show(rows)),
    ignoreElements(),
  );
}

/** Shows what the server has now. */
function list(call: FleetCall, needed: readonly FleetTable[], show: (rows: FleetRows) => number): Observable<ExitCode> {
  const rows = new FleetRows();
  const known = new Map<string, FleetHost>();
  const source = fleet(call.connection, call.selection);
  return forkJoin({ stored: forkJoin(needed.map((table) => hostsWithRows(call, table))), beating: hostsWithBeats(call) }).pipe(
    mergeMap(({ stored, beating }) => {
      // Rows of a host that has left a stream stay there.
      const isOld = (host: string, { family, op }: FleetTable): boolean => {
        const published = known.get(host)?.tables;
        return published !== undefined && !Object.hasOwn(published, `${family}/${op}`);
      };
      const missing = (): readonly string[] =>
        needed.flatMap((table, at) =>
          [...stored[at]!].flatMap((host) => (rows.has(host, table) || isOld(host, table) ? [] : `${table.name} of ${host}`)),
        );
      const isComplete = (): boolean => missing().length === 0 && [...beating].every((host) => known.has(host));
      const hosts = source.hosts().pipe(tap((change) => applyHostChange(known, change)));
      const tables = watchTables(source, needed).pipe(tap((change) => rows.apply(change)));
      return concat(
        isComplete() ? EMPTY : untilComplete(merge(tables, hosts), isComplete, call.timeout),
        defer(() => {
          for (const host of rows.hosts)
            if (known.get(host)?.state !== 'up') for (const table of needed) rows.markStale(host, table, 'beats');
          const count = show(rows);
          const { output } = call.call;
          const left = missing();
          if (left.length > 0) output.note(`rxnetlink: not read in time: ${left.map(printable).join(', ')}; a longer --timeout may help`);
          const hasHosts = known.size > 0 || stored.some(({ size }) => size > 0);
          if (!hasHosts) output.note(NO_HOSTS);
          else if (count === 0) output.note(`rxnetlink: no row of ${needed[0]!.name} matches (hosts: ${String([...rows.hosts].length)})`);
          for (const [table, hosts] of unpublished(needed, known.values()))
            output.note(`rxnetlink: not published by the agent: ${table.name} of ${hosts.map(printable).join(', ')}`);
          return left.length === 0 ? EMPTY : of(ExitCode.Failure);
        }),
      );
    }),
  );
}

/** Returns the tables that agents do not publish, with the hosts. */
function* unpublished(
  tables: readonly FleetTable[],
  hosts: Iterable<FleetHost>,
): Generator<readonly [table: FleetTable, hosts: readonly string[]]> {
  const known = [...hosts];
  for (const table of tables) {
    const without = known.filter((host) => host.tables !== undefined && !Object.hasOwn(host.tables, `${table.family}/${table.op}`));
    if (without.length > 0) yield [table, without.map(({ host }) => host).sort()];
  }
}

/** Returns the objects of all hosts, in the order of the hosts. */
function listed(
  rows: FleetRows,
  table: FleetTable,
  needed: readonly FleetTable[],
  isWanted: (object: object) => boolean,
): readonly { readonly row: Listed }[] {
  return [...rows.hosts].sort().flatMap((host) => {
    const objects = [...rows.objects(host, table).values()].filter(isWanted);
    const complete = table.name === 'links' ? objects.map(withAddresses(rows.objects(host, needed[1]!).values())) : objects;
    return complete.map((object) => ({ row: { host, silent: rows.staleReason(host, table) !== undefined, object } }));
  });
}

function columnsOf(table: FleetTable): readonly Column<Listed>[] {
  return [
    {
      title: 'HOST',
      isKey: true,
      text: ({ host, silent }) => (silent ? `${host} (silent)` : host),
      colour: ({ silent }) => (silent ? 'red' : undefined),
    },
    ...table.columns.map(({ text, colour, ...column }) => ({
      ...column,
      text: ({ object }: Listed) => text(object),
      ...(colour !== undefined && { colour: ({ object }: Listed) => colour(object) }),
    })),
  ];
}
