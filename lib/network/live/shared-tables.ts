import { Observable, tap } from 'rxjs';
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

/**
 * The live tables of one `network()`. Equal sets of rows share one subscription to the kernel, whichever verbs watch them.
 *
 * @internal
 */
export class SharedTables {
  /** The links; every set of tables has them, for their names. */
  readonly links: LiveTable<GetlinkReply>;
  readonly #shared = new Map<string, Observable<TablesChange<Record<string, object>>>>();

  #names: LinkNames | undefined;
  #isKept = false;

  constructor(links: LiveTable<GetlinkReply>) {
    this.links = links;
  }

  /** The names of links, as long as one of the sets of tables is consistent with the kernel; else undefined. */
  get names(): LinkNames | undefined {
    return this.#names;
  }

  /** Watches the links and the rows of some tables; a late subscriber receives `synced` inside `subscribe`. */
  watch(watched: readonly WatchedRows[]): Observable<TablesChange<Record<string, object>>> {
    const ordered = watched.toSorted((one, other) => ORDER.indexOf(one.table) - ORDER.indexOf(other.table));
    const key = JSON.stringify(ordered.map(({ table, request }) => [table, request]));
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      const rows = ordered.map(({ table, rows: each }) => [table, each] as const);
      shared = watchTables<Record<string, object>>({ [LINKS]: this.links, ...Object.fromEntries(rows) });
      this.#shared.set(key, shared);
    }
    return this.#namesFrom(shared);
  }

  /** Keeps the names of links by the first subscriber; when it unsubscribes, by the next one that subscribes. */
  #namesFrom(changes: Observable<TablesChange<Record<string, object>>>): Observable<TablesChange<Record<string, object>>> {
    return new Observable((subscriber) => {
      if (this.#isKept) return changes.subscribe(subscriber);
      this.#isKept = true;
      subscriber.add(() => {
        this.#isKept = false;
        this.#names = undefined;
      });
      return changes
        .pipe(
          tap((change) => {
            if (change.type === 'synced') this.#names = new LinkNames(change.tables[LINKS] as readonly GetlinkReply[]);
            else if (change.table === LINKS && this.#names !== undefined)
              renameLinks(this.#names, change.change as LiveDifference<GetlinkReply>);
          }),
        )
        .subscribe(subscriber);
    });
  }
}
