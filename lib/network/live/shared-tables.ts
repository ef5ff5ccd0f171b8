import { Observable, type Observer, type Subscription } from 'rxjs';
import { watchTables, type LiveDifference, type LiveTable, type TablesChange } from '../../live/index.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { LinkNames } from '../names/link-names.js';
import { renameLinks } from './live-objects.js';
import type { TableKey } from '../tables/verbs.js';

/** Rows of a table that are watched beside the links. @internal */
export interface WatchedRows {
  readonly table: TableKey;
  /** The request that selects the rows. */
  readonly request: object;
  readonly rows: LiveTable<object>;
}

/** The name under which {@link SharedTables} emits the links; a table of a view may be named `links`. @internal */
export const LINKS = '#links';

/** Tables precede those whose rows refer to them. */
const ORDER: readonly TableKey[] = ['addresses', 'nexthops', 'routes', 'rules', 'neighbours', 'fdb', 'qdiscs', 'classes', 'filters'];

/** A set of tables, as long as it has subscribers. */
interface SharedSet {
  readonly changes: Observable<TablesChange<Record<string, object>>>;
  /** The names of links; undefined until the tables have been read. */
  names: LinkNames | undefined;
  subscribers: number;
  /** Keeps the names. */
  naming: Subscription | undefined;
}

/**
 * The live tables of one `network()`. Equal sets of rows share one subscription to the kernel, whichever verbs watch them.
 *
 * @internal
 */
export class SharedTables {
  /** The links; every set of tables has them, for their names. */
  readonly links: LiveTable<GetlinkReply>;
  readonly #sets = new Map<string, SharedSet>();

  constructor(links: LiveTable<GetlinkReply>) {
    this.links = links;
  }

  /** The names of links, as long as one of the sets of tables is consistent with the kernel; else undefined. */
  get names(): LinkNames | undefined {
    return [...this.#sets.values()].find(({ names }) => names !== undefined)?.names;
  }

  /** Watches the links and the rows of some tables; a late subscriber receives `synced` inside `subscribe`. */
  watch(watched: readonly WatchedRows[]): Observable<TablesChange<Record<string, object>>> {
    const ordered = watched.toSorted((one, other) => ORDER.indexOf(one.table) - ORDER.indexOf(other.table));
    const key = JSON.stringify(ordered.map(({ table, request }) => [table, request]));
    return new Observable((subscriber) => {
      const set = this.#sets.get(key) ?? this.#open(key, ordered);
      // Before the subscriber, so that the names are new when it receives a change.
      if (set.subscribers++ === 0) set.naming = set.changes.subscribe(this.#nameLinks(key, set));
      subscriber.add(() => {
        if (--set.subscribers > 0) return;
        set.naming?.unsubscribe();
        this.#close(key, set);
      });
      subscriber.add(set.changes.subscribe(subscriber));
    });
  }

  #open(key: string, ordered: readonly WatchedRows[]): SharedSet {
    const rows = ordered.map(({ table, rows: each }) => [table, each] as const);
    const changes = watchTables<Record<string, object>>({ [LINKS]: this.links, ...Object.fromEntries(rows) });
    const set: SharedSet = { changes, names: undefined, subscribers: 0, naming: undefined };
    this.#sets.set(key, set);
    return set;
  }

  /** The next subscriber opens another set. */
  #close(key: string, set: SharedSet): void {
    set.names = undefined;
    if (this.#sets.get(key) === set) this.#sets.delete(key);
  }

  #nameLinks(key: string, set: SharedSet): Partial<Observer<TablesChange<Record<string, object>>>> {
    return {
      next: (change) => {
        if (change.type === 'synced') set.names = new LinkNames(change.tables[LINKS] as readonly GetlinkReply[]);
        else if (change.table === LINKS && set.names !== undefined) renameLinks(set.names, change.change as LiveDifference<GetlinkReply>);
      },
      // The subscribers of the set receive the error.
      error: () => this.#close(key, set),
    };
  }
}
