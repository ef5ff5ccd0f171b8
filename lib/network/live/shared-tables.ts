import type { Observable } from 'rxjs';
import { watchTables, type LiveTable, type TablesChange } from '../../live/index.js';
import type { GetlinkReply } from '../../families/rt-link.js';
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

  constructor(links: LiveTable<GetlinkReply>) {
    this.links = links;
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
    return shared;
  }
}
