import { merge, map, type Observable } from 'rxjs';
import type { Fleet, FleetChange, SampledTableName } from '../../fleet/index.js';
import { rowKey } from '../../fleet/internal.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { LinkNames } from '../../network/internal.js';
import type { Address, Link } from '../../network/index.js';
import type { FleetTable } from './tables.js';

/** A change of a table of a host. */
export interface TableChange {
  readonly table: FleetTable;
  readonly change: FleetChange<object>;
}

/** Emits the changes of tables of the selected hosts. */
export function watchTables(source: Fleet, tables: Iterable<FleetTable>): Observable<TableChange> {
  const watched = [...tables].map((table) => {
    const { family, op } = table;
    const changes = family === 'sampled' ? source.watch(op as SampledTableName) : source.watch(family, op as never);
    return (changes as Observable<FleetChange<object>>).pipe(map((change) => ({ table, change })));
  });
  return merge(...watched);
}

/** The names of the links of a host. A row may arrive before that of its link, and an agent may not follow the links. */
class KnownLinks extends LinkNames {
  override nameOf(index: number): string | undefined {
    return super.nameOf(index) ?? (index > 0 ? `index ${String(index)}` : undefined);
  }
}

/** Rows of a host, by table and key. */
interface HostRows {
  readonly tables: Map<FleetTable['name'], Map<string, object>>;
  /** The names of the links. Those of removed links stay: the rows that name them may be removed later. */
  names: LinkNames;
}

/** The rows of all hosts at this moment. */
export class FleetRows {
  readonly #hosts = new Map<string, HostRows>();
  /** The reasons why rows may be out of date, by host and table: a host may have sent one table and not yet another. */
  readonly #silent = new Map<string, Map<FleetTable['name'], string>>();

  /** The hosts of which rows are known. */
  get hosts(): Iterable<string> {
    return this.#hosts.keys();
  }

  /** Applies a change. */
  apply({ table, change }: TableChange): void {
    const { host } = change;
    switch (change.type) {
      case 'synced': {
        const rows = new Map(change.entries.map((row) => [rowKey(row), row]));
        const known = this.#of(host);
        known.tables.set(table.name, rows);
        if (table.name === 'links') known.names = new KnownLinks(change.entries as readonly GetlinkReply[]);
        break;
      }
      case 'added':
      case 'changed': {
        const known = this.#of(host);
        known.tables.get(table.name)?.set(rowKey(change.value), change.value);
        if (table.name === 'links') known.names.add(change.value as GetlinkReply);
        break;
      }
      case 'removed':
        this.#of(host).tables.get(table.name)?.delete(rowKey(change.value));
        break;
      case 'silent':
        this.markStale(host, table, change.reason);
        break;
      case 'back':
        this.#silent.get(host)?.delete(table.name);
        break;
      case 'gone':
        this.markStale(host, table, 'gone');
    }
  }

  /** Notes that the rows of a table of a host may be out of date. */
  markStale(host: string, { name }: FleetTable, reason: string): void {
    const reasons = this.#silent.get(host) ?? new Map<FleetTable['name'], string>();
    this.#silent.set(host, reasons.set(name, reason));
  }

  /** Returns why the rows of a table of a host may be out of date; undefined if they are not. */
  staleReason(host: string, { name }: FleetTable): string | undefined {
    return this.#silent.get(host)?.get(name);
  }

  /** Returns true if the rows of a table of a host are complete. */
  has(host: string, { name }: FleetTable): boolean {
    return this.#hosts.get(host)?.tables.has(name) === true;
  }

  /** Returns the objects of a table of a host, in words, by the keys of their rows. */
  objects(host: string, table: FleetTable): ReadonlyMap<string, object> {
    const objects = new Map<string, object>();
    for (const [key, row] of this.#hosts.get(host)?.tables.get(table.name) ?? []) {
      const object = this.objectOf(host, table, row);
      if (object !== undefined) objects.set(key, object);
    }
    return objects;
  }

  /** Returns a row of a table of a host in words. */
  objectOf(host: string, table: FleetTable, row: object): object | undefined {
    return table.objectOf(row, this.#of(host).names);
  }

  #of(host: string): HostRows {
    let found = this.#hosts.get(host);
    if (found === undefined) {
      found = { tables: new Map(), names: new KnownLinks() };
      this.#hosts.set(host, found);
    }
    return found;
  }
}

/** Returns a function that adds the addresses of a host to its links. */
export function withAddresses(addresses: Iterable<object>): (link: object) => object {
  const byLink = new Map<string, Address[]>();
  for (const address of addresses as Iterable<Address>) {
    const others = byLink.get(address.link);
    if (others === undefined) byLink.set(address.link, [address]);
    else others.push(address);
  }
  return (link) => ({ ...link, addresses: byLink.get((link as Link).name) ?? [] });
}
