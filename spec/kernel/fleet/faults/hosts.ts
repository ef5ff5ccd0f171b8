import type { NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import type { Subscription } from 'rxjs';
import { fleet, type FleetChange } from '../../../../lib/fleet/index.js';
import { createNamespace, type Namespace } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { BEAT } from '../fleet-kit.js';

type Row = Readonly<Record<string, unknown>>;

type TableName = 'links' | 'addresses' | 'routes';

/** A table that is compared: how a row of a reader and one of `ip -j` are named. */
interface ComparedTable {
  readonly family: string;
  readonly op: string;
  readonly nameOf: (row: Row) => string;
  readonly command: readonly string[];
  readonly ipName: (row: Row) => readonly string[];
}

const TABLES: Readonly<Record<TableName, ComparedTable>> = {
  links: {
    family: 'rt-link',
    op: 'getlink',
    nameOf: (row: Row) => text(row['ifname']),
    command: ['link'],
    ipName: (row: Row) => [text(row['ifname'])],
  },
  addresses: {
    family: 'rt-addr',
    op: 'getaddr',
    nameOf: (row: Row) => `${text(row['local'] ?? row['address'])}/${text(row['ifaPrefixlen'])}`,
    command: ['address'],
    ipName: ({ addr_info: list }: Row) => (list as readonly Row[]).map((row) => `${text(row['local'])}/${text(row['prefixlen'])}`),
  },
  routes: {
    family: 'rt-route',
    op: 'getroute',
    nameOf: (row: Row) =>
      row['rtmFamily'] === 2 ? `${text(row['table'])} ${text(row['dst'] ?? 'default')}/${text(row['rtmDstLen'])}` : '',
    command: ['-4', '-N', 'route', 'show', 'table', 'all'],
    ipName: (row: Row) => [`${text(row['table'] ?? 254)} ${text(row['dst']).includes('/') ? text(row['dst']) : `${text(row['dst'])}/32`}`],
  },
};

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Network namespaces with bridges, addresses and routes that change. */
export class Hosts {
  readonly all: readonly (readonly [host: string, namespace: Namespace])[];
  #round = 0;

  constructor(count: number, links: number, routes: number) {
    this.all = Array.from({ length: count }, (_, index) => [`host-${String(index)}`, createNamespace()] as const);
    for (const [, namespace] of this.all) {
      namespace.batch([
        ...Array.from({ length: links }, (_, link) => `link add l${String(link)} type bridge`),
        ...Array.from({ length: links }, (_, link) => `link set l${String(link)} up`),
        ...Array.from({ length: links }, (_, link) => `address add 10.9.${String(link)}.1/24 dev l${String(link)}`),
        ...Array.from({ length: routes }, (_, route) => `route add ${address(route)} via 10.9.0.9 dev l0 onlink`),
      ]);
    }
  }

  get pairs(): readonly string[] {
    return this.all.map(([host, { path }]) => `${host}=${path}`);
  }

  /** Adds and removes routes, links and addresses of each host. */
  change(): void {
    const round = this.#round++;
    const at = String(round % 50);
    for (const [, namespace] of this.all) {
      namespace.batch([
        ...Array.from({ length: 20 }, (_, index) => `route add ${address(10_000 + round * 20 + index)} via 10.9.0.9 dev l0 onlink`),
        ...(round === 0 ? [] : Array.from({ length: 10 }, (_, index) => `route delete ${address(10_000 + (round - 1) * 20 + index)}`)),
        `link add c${String(round)} type bridge`,
        ...(round === 0 ? [] : [`link delete c${String(round - 1)}`]),
        `address add 10.8.${at}.1/24 dev l1`,
      ]);
    }
  }

  /** Returns the names in a table of each host by `ip -j`. */
  listed(table: TableName): readonly string[] {
    const { command, ipName } = TABLES[table];
    return this.all
      .flatMap(([host, namespace]) => {
        const rows = JSON.parse(namespace.run('ip', '-j', ...command)) as readonly Row[];
        return rows.flatMap((row) => ipName(row)).map((name) => `${host} ${name}`);
      })
      .sort();
  }

  delete(): void {
    for (const [, namespace] of this.all) namespace.delete();
  }
}

function address(index: number): string {
  return `172.${String(16 + (index >> 16))}.${String((index >> 8) & 255)}.${String(index & 255)}`;
}

/** Reads the tables of a fleet, and checks that each difference fits to the entries before it. */
export class Observed {
  readonly changes: FleetChange<object>[] = [];
  readonly #tables = new Map<TableName, Map<string, Map<string, number>>>();
  readonly #subscriptions: Subscription[] = [];
  readonly faults: string[] = [];

  /** @param pause - Milliseconds that the reader needs for a change. */
  constructor(connection: NatsConnection, pause = 0) {
    const reader = fleet(connection, { beat: BEAT });
    for (const table of Object.keys(TABLES) as TableName[]) {
      const { family, op } = TABLES[table];
      const watched = reader.watch(family as 'rt-link', op as 'getlink');
      this.#subscriptions.push(
        watched.subscribe({
          next: (change) => {
            this.#apply(table, change as FleetChange<Row>);
            if (pause > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
          },
          error: (error: unknown) => this.faults.push(String(error)),
        }),
      );
    }
  }

  #apply(table: TableName, change: FleetChange<Row>): void {
    this.changes.push(change);
    const hosts = this.#tables.get(table) ?? new Map<string, Map<string, number>>();
    this.#tables.set(table, hosts);
    const { nameOf } = TABLES[table];
    // Several routes may share a name: their number counts.
    const names = hosts.get(change.host) ?? new Map<string, number>();
    hosts.set(change.host, names);
    const add = (row: Row, by: number): void => {
      const count = (names.get(nameOf(row)) ?? 0) + by;
      if (count < 0) this.faults.push(`${table}: ${change.host}: ${nameOf(row)} was removed and did not exist`);
      if (count === 0) names.delete(nameOf(row));
      else names.set(nameOf(row), count);
    };
    if (change.type === 'synced') {
      const before = JSON.stringify([...names].sort());
      const first = change.reason === 'initial';
      names.clear();
      for (const row of change.entries) add(row, 1);
      if (!first && JSON.stringify([...names].sort()) !== before)
        this.faults.push(`${table}: ${change.host}: synced differs from the changes`);
    } else if (change.type === 'added') add(change.value, 1);
    else if (change.type === 'removed') add(change.value, -1);
  }

  /** Returns the names in a table. */
  names(table: TableName): readonly string[] {
    const lists = [...(this.#tables.get(table) ?? [])].flatMap(([host, names]) =>
      [...names].flatMap(([name, count]) => (name === '' ? [] : Array.from({ length: count }, () => `${host} ${name}`))),
    );
    return lists.sort();
  }

  /**
   * Waits until each table equals that of `ip -j`, and returns the milliseconds.
   *
   * @param limit - Milliseconds for each table, from the time when `ip` has listed it.
   */
  async equals(hosts: Hosts, limit = 30_000): Promise<number> {
    const began = Date.now();
    for (const table of Object.keys(TABLES) as TableName[]) {
      const listed = hosts.listed(table);
      const isEqual = (): boolean => JSON.stringify(this.names(table)) === JSON.stringify(listed);
      // On a busy machine, the programs of `listed` need longer than the limit, and nothing is received meanwhile.
      const end = Date.now() + limit * PATIENCE;
      while (!isEqual() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
      const seen = this.names(table);
      const [known, wanted] = [new Set(seen), new Set(listed)];
      const missing = listed.filter((name) => !known.has(name));
      const stale = seen.filter((name) => !wanted.has(name));
      expect({ missing, stale }, table).to.deep.equal({ missing: [], stale: [] });
      expect(seen, table).to.deep.equal(listed);
    }
    expect(this.faults).to.deep.equal([]);
    return Date.now() - began;
  }

  stop(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }
}
