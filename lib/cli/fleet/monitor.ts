import { filter, finalize, ignoreElements, map, merge, tap } from 'rxjs';
import { suggestion } from '../../check/index.js';
import { fleet, type FleetPresence, type HostChange } from '../../fleet/index.js';
import { jsonText } from '../output/json-text.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { UsageError } from '../run/usage-error.js';
import type { FleetAction, FleetOptions } from './fleet-call.js';
import { FleetRows, watchTables, type TableChange } from './fleet-rows.js';
import { SAMPLED_FLEET_TABLES } from './sampled/sampled-tables.js';
import { fleetTables, TABLE_NAMES, type FleetTable } from './tables.js';

/** One line of `rxnetlink fleet monitor --json`. */
export interface FleetLine {
  /** When this command received it, in the form of ISO 8601. */
  readonly time: string;
  readonly host: string;
  readonly type: 'synced' | 'added' | 'changed' | 'removed' | 'silent' | 'back' | 'gone';
  /** Of an object, or of the state of a table: the name of the table. Omitted for the state of a host. */
  readonly table?: FleetTable['name'];
  /** The event in words. */
  readonly text: string;
  /** Of `synced`: the number of objects. */
  readonly entries?: number;
  /** Of `synced` and `silent`. */
  readonly reason?: string;
  /** The object in the words of the listing, and before its change. */
  readonly value?: object;
  readonly previous?: object;
  /** Of a host that is silent, back or gone: since when, in the form of ISO 8601. */
  readonly since?: string;
}

/** `rxnetlink fleet monitor`: the changes of many hosts, until Ctrl-C. */
export const monitor: FleetAction = (call) => {
  // Counters change all the time: they are printed if they are named.
  const wanted = new Set<FleetTable['name']>(call.words.length === 0 ? TABLE_NAMES : call.words.map(tableName));
  const { tables, close } = fleetTables();
  const { json } = call.options as FleetOptions;
  const { output } = call;
  return ({ connection, selection }) => {
    const rows = new FleetRows();
    const states = new Map<string, string>();
    // The other tables name links.
    const sampled = [...SAMPLED_FLEET_TABLES.values()].filter(({ name }) => wanted.has(name));
    const named = [...tables.values()].filter(({ name }) => wanted.has(name) || (name === 'links' && wanted.size > sampled.length));
    const watched = [...named, ...sampled];
    const source = fleet(connection, selection);
    const removed = source.hosts().pipe(
      filter((change): change is HostChange & FleetPresence => change.type === 'gone'),
      // Its tables are gone too, and it may be back.
      tap(({ host }) => states.set(host, 'gone')),
      map((change): FleetLine => ({ ...stateLine(change), text: 'gone' })),
    );
    const lines = watchTables(source, watched).pipe(
      map((change) => {
        const line = lineOf(change, rows, states);
        rows.apply(change);
        return line;
      }),
    );
    return merge(removed, lines).pipe(
      tap((line) => {
        if (line === undefined || (line.table !== undefined && !wanted.has(line.table))) return;
        if (json === true) output.lines([jsonText(line)]);
        else print(line, output);
      }),
      ignoreElements(),
      finalize(() => {
        close();
      }),
    );
  };
};

function tableName(word: string): FleetTable['name'] {
  const names = [...TABLE_NAMES, ...SAMPLED_FLEET_TABLES.keys()];
  const found = names.find((name) => name === word);
  if (found === undefined)
    throw new UsageError(
      `fleet monitor: there is no table '${word}'${suggestion(word, names, '; ') || `; expected some of ${names.join(', ')}`}`,
    );
  return found;
}

/** Returns a change as a line; undefined if another table has reported the same of the host. */
function lineOf({ table, change }: TableChange, rows: FleetRows, states: Map<string, string>): FleetLine | undefined {
  const { host, type } = change;
  const common = { time: new Date().toISOString(), host };
  if (type === 'synced') {
    const { length } = change.entries;
    const text = `${table.name}${change.reason === 'initial' ? '' : ` read again (${change.reason})`}: ${String(length)}`;
    return { ...common, type, table: table.name, text, entries: length, reason: change.reason };
  }
  if (type === 'silent' || type === 'back' || type === 'gone') {
    const state = type === 'silent' ? `${type} ${change.reason}` : type;
    // The state of a host is the same for all of its tables; `behind`, `gap` and others are those of one table. A table is also gone if its agent
    // does not publish it any more.
    if (type === 'gone') return { ...stateLine(change), table: table.name, text: `${table.name}: gone` };
    const isOfTable = type === 'silent' && !OF_HOSTS.has(change.reason);
    const wasOfTable = states.get(`${host} ${table.name}`) !== undefined;
    if (isOfTable) states.set(`${host} ${table.name}`, state);
    else states.delete(`${host} ${table.name}`);
    const own = isOfTable || (type === 'back' && wasOfTable && (states.get(host) ?? 'back') === 'back');
    if (!own) {
      if ((states.get(host) ?? 'back') === state) return undefined;
      states.set(host, state);
    }
    return {
      ...stateLine(change),
      ...(own && { table: table.name }),
      text: own ? `${table.name}: ${stateText(change)}` : stateText(change),
      ...(type === 'silent' && { reason: change.reason }),
    };
  }
  const value = rows.objectOf(host, table, change.value);
  if (value === undefined) return undefined;
  if (type !== 'changed') return { ...common, type, table: table.name, text: `${table.nameOf(value)} ${type}`, value };
  const previous = rows.objectOf(host, table, change.previous);
  const text = `${table.nameOf(value)} changed: ${differences(previous ?? {}, value)}`;
  return { ...common, type, table: table.name, text, value, ...(previous !== undefined && { previous }) };
}

/** Returns what all lines of a state have. */
function stateLine({ host, type, since }: FleetPresence): Omit<FleetLine, 'text'> {
  return { time: new Date().toISOString(), host, type, since: new Date(since).toISOString() };
}

/** The reasons for which a host is silent, with all of its tables. */
const OF_HOSTS: ReadonlySet<string> = new Set(['ended', 'beats', 'disconnected']);

const SILENCES: Readonly<Record<string, string>> = {
  ended: 'its agent ended',
  beats: 'its agent sends no beats',
  behind: 'its agent has not stored its rows yet',
  unread: 'its agent cannot read the table',
  disconnected: 'the connection to the server is lost',
  gap: 'messages are missing, and are read again',
  message: 'a message cannot be read',
  limit: 'a message is too large, and was dropped',
};

function stateText(change: Exclude<FleetPresence, { readonly type: 'gone' }>): string {
  if (change.type === 'back') return 'back';
  return `silent: ${SILENCES[change.reason] ?? change.reason}${change.detail === undefined ? '' : ` (${change.detail})`}`;
}

/** Returns the properties that differ, with their values if these are short. */
function differences(before: object, after: object): string {
  const [one, other] = [before, after] as [Record<string, unknown>, Record<string, unknown>];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => jsonText(one[name] ?? null) !== jsonText(other[name] ?? null),
  );
  if (names.length === 0) return 'properties without a name';
  return names.map((name) => `${name} ${valueText(one[name])} -> ${valueText(other[name])}`).join(', ');
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'object' ? '{...}' : jsonText(value);
}

function print({ host, type, text }: FleetLine, output: Output): void {
  const { style } = output;
  const sentence = printable(text);
  const colour = type === 'silent' || type === 'gone' ? style.red : type === 'synced' ? style.faint : undefined;
  output.lines([`${style.bold(printable(host))}: ${colour === undefined ? sentence : colour(sentence)}`]);
}
