import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as wait } from 'node:timers/promises';
import type { Observable, Subscription } from 'rxjs';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtNeigh } from '../../../lib/families/rt-neigh.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { rtRule } from '../../../lib/families/rt-rule.js';
import type { LiveChange, TraceEvent } from '../../../lib/index.js';
import type { WatchDeclaration } from '../../../lib/live/index.js';
import type { Namespace } from '../../support/namespace.js';
import type { Shown } from '../../families/compare/fields.js';
import type { LinkRow } from '../../families/compare/link-fields.js';
import { LinkNames } from '../../families/compare/link-names.js';
import { addresses, links, neighbours, routes, rules, type SoakTable } from './soak-tables.js';
import { runWriters } from './run-writers.js';
import { SETUP, randomChanges, seededRandom, type SoakKind } from './soak-writer.js';

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Size of each receive queue in bytes, small enough to overflow. */
  readonly receiveBufferSize?: number;
  /** Changes from one quiet point to the next. */
  readonly burst?: number;
  /**
   * The kinds of objects that change.
   * @defaultValue all kinds
   */
  readonly kinds?: readonly SoakKind[];
  readonly log?: (line: string) => void;
}

export interface SoakResult {
  readonly changes: number;
  readonly events: number;
  readonly overruns: number;
  readonly lost: number;
  readonly readings: number;
  readonly quietPoints: number;
  readonly objects: Readonly<Record<string, number>>;
  readonly differences: readonly string[];
}

/** A collection, and the number of objects that its subscriber holds. */
interface Watched {
  readonly name: string;
  readonly table: SoakTable<never>;
  readonly collection: Observable<LiveChange<object>>;
  readonly subscription: Subscription;
  count: number;
}

/** The time without events before a comparison, and the longest wait for it; in milliseconds. */
const QUIET = 300;
const PATIENCE = 15_000;

/** Runs a writer in a namespace, and compares live collections with `ip -j` whenever it pauses. */
export async function soak(namespace: Namespace, options: SoakOptions): Promise<SoakResult> {
  const { seconds, seed, receiveBufferSize = 32_768, burst = 4_000, kinds, log = () => undefined } = options;
  const socket = { netns: namespace.path, receiveBufferSize };
  const clients = { link: rtLink(socket), addr: rtAddr(socket), route: rtRoute(socket), neigh: rtNeigh(socket), rule: rtRule(socket) };
  const differences: string[] = [];
  let [events, overruns, lost, readings, lastReceived] = [0, 0, 0, 0, 0];

  const onReceive = (event: unknown): void => {
    if ((event as TraceEvent).message?.group === undefined) return;
    events++;
    lastReceived = performance.now();
  };
  const onOverrun = (event: unknown): void => {
    overruns++;
    lost += (event as TraceEvent).dropped ?? 0;
    lastReceived = performance.now();
  };
  subscribe('rxnetlink:receive', onReceive);
  subscribe('rxnetlink:overrun', onOverrun);

  const watch = <Value extends object>(name: string, table: SoakTable<Value>, collection: Observable<LiveChange<Value>>): Watched => {
    let began = false;
    const watched: Watched = {
      name,
      table,
      collection,
      count: 0,
      subscription: collection.subscribe({
        next: (change) => {
          lastReceived = performance.now();
          if (change.type === 'added') watched.count++;
          else if (change.type === 'removed') watched.count--;
          else if (change.type === 'synced') {
            readings++;
            const { length } = change.entries;
            if (began && length !== watched.count)
              differences.push(`${name}: ${String(length)} in the snapshot, ${String(watched.count)} at the subscriber`);
            began = true;
            watched.count = length;
          }
        },
        error: (error: unknown) => differences.push(`${name}: ended with ${String(error)}`),
      }),
    };
    return watched;
  };

  log(describe('links', clients.link.declarationOf('getlink')));
  log(describe('addresses', clients.addr.declarationOf('getaddr')));
  log(describe('routes', clients.route.declarationOf('getroute')));
  log(describe('neighbours', clients.neigh.declarationOf('getneigh')));
  log(describe('rules', clients.rule.declarationOf('getrule')));
  namespace.batch(SETUP);
  const watched = [
    watch('links', links, clients.link.watch('getlink')),
    watch('addresses', addresses, clients.addr.watch('getaddr')),
    watch('routes', routes, clients.route.watch('getroute')),
    watch('neighbours', neighbours, clients.neigh.watch('getneigh')),
    watch('rules', rules, clients.rule.watch('getrule')),
  ];

  const random = seededRandom(seed);
  const end = performance.now() + seconds * 1000;
  let [changes, quietPoints] = [0, 0];
  while (performance.now() < end && differences.length === 0) {
    const lines = randomChanges(random, burst, kinds);
    await runWriters(namespace, lines);
    changes += lines.length;
    const found = await compareWhenQuiet(namespace, watched, () => performance.now() - lastReceived);
    differences.push(...found);
    quietPoints++;
    log(
      `quiet point ${String(quietPoints)}: ${String(changes)} changes, ${String(events)} events, ${String(overruns)} overruns, ${String(readings)} readings, ${String(found.length)} differences`,
    );
  }
  const objects = Object.fromEntries(watched.map(({ name, count }) => [name, count]));
  for (const { subscription } of watched) subscription.unsubscribe();
  for (const client of Object.values(clients)) client.close();
  unsubscribe('rxnetlink:receive', onReceive);
  unsubscribe('rxnetlink:overrun', onOverrun);
  return { changes, events, overruns, lost, readings, quietPoints, objects, differences };
}

function describe(name: string, { volatile = [], silent = [] }: WatchDeclaration): string {
  return `${name}: volatile ${volatile.join(', ') || 'nothing'}; silent ${silent.join(', ') || 'nothing'}`;
}

/**
 * Waits until no event arrives, and compares.
 *
 * The two sides are read one after the other, and the carrier of a link or duplicate address detection can change the state
 * in between. Differences are compared again until the sides agree or the time is over.
 */
async function compareWhenQuiet(namespace: Namespace, watched: readonly Watched[], idle: () => number): Promise<string[]> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    while (idle() < QUIET && performance.now() < end) await wait(50);
    const found = compareAll(namespace, watched);
    if (found.length === 0 || performance.now() > end) return found;
    await wait(QUIET);
  }
}

function compareAll(namespace: Namespace, watched: readonly Watched[]): string[] {
  const held = watched.map((one) => [one, entriesNow(one.collection)] as const);
  const missing = held.filter(([, entries]) => entries === undefined);
  if (missing.length > 0) return missing.map(([{ name }]) => `${name}: not in sync`);
  const names = new LinkNames(held.find(([{ name }]) => name === 'links')?.[1] as LinkRow[]);
  return held.flatMap(([{ name, table, count }, entries = []]) => [
    ...(entries.length === count ? [] : [`${name}: ${String(entries.length)} in the snapshot, ${String(count)} at the subscriber`]),
    ...compareTable(namespace, name, table, entries as readonly never[], names),
  ]);
}

/** Returns the snapshot for a late subscriber; undefined if the collection is not in sync. */
function entriesNow(collection: Observable<LiveChange<object>>): readonly object[] | undefined {
  let entries: readonly object[] | undefined;
  collection
    .subscribe((change) => {
      if (change.type === 'synced') entries = change.entries;
    })
    .unsubscribe();
  return entries;
}

/** Returns the differences between the output of `ip` and a collection, as lines of text. */
export function compareTable<Value>(
  namespace: Namespace,
  name: string,
  table: SoakTable<Value>,
  entries: readonly Value[],
  names: LinkNames,
): string[] {
  const printed = table.commands.flatMap((line) => JSON.parse(namespace.ip(line) || '[]') as Shown[]);
  const rows = table.rows?.(printed) ?? printed;
  const fields = table.fields(names);
  for (const key of rows.flatMap((row) => Object.keys(row))) {
    if (!(key in fields) && !table.ignored.includes(key)) throw new Error(`${name}: nothing is compared with ${key}`);
  }
  const shown = groupBy(rows, table.shownKey);
  const read = groupBy(entries, (entry) => table.key(entry, names));
  const isUnsure = table.isUnsure?.(rows) ?? (() => false);
  const keys = [...new Set([...shown.keys(), ...read.keys()])].filter((key) => !isUnsure(key));
  return keys.flatMap((key) => {
    const theirs = shown.get(key) ?? [];
    const properties = new Set(
      [...theirs.flatMap((row) => Object.keys(row)), ...table.always].filter((one) => !table.ignored.includes(one)),
    );
    const lineOf = (value: (field: string) => unknown): string =>
      JSON.stringify(Object.fromEntries([...properties].sort().map((field) => [field, value(field)])));
    const expected = theirs.map((row) => lineOf((field) => row[field])).sort();
    const found = (read.get(key) ?? []).map((entry) => lineOf((field) => fields[field]?.(entry, undefined))).sort();
    return expected.join() === found.join()
      ? []
      : [`${name} ${key}: ip shows ${expected.join() || 'nothing'}, held is ${found.join() || 'nothing'}`];
  });
}

function groupBy<Value>(values: readonly Value[], key: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}
