import { asapScheduler, Observable } from 'rxjs';
import type { LiveDifference, LiveTable, SyncReason } from '../../live/index.js';
import { VersionedMap } from '../../live/internal.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { LinkNames } from '../names/link-names.js';
import { LiveObjects, renameLinks, type Concerned, type Translate } from './live-objects.js';
import { LINKS, type SharedTables, type WatchedRows } from './shared-tables.js';

/** One table of a view. @internal */
export interface ViewTable {
  /** The rows; undefined for the links. */
  readonly rows: WatchedRows | undefined;
  readonly translate: Translate<object>;
  /** Returns true for the objects of the view. */
  readonly isWanted: (object: object) => boolean;
  /** Returns the key of an object in the map. */
  readonly keyOf: (object: object) => string;
}

/** An emission of a view: the tables by name, each an immutable map. @internal */
export interface ViewState {
  readonly tables: Readonly<Record<string, ReadonlyMap<string, object>>>;
  /** Counts the emissions. */
  readonly version: number;
  readonly reason: SyncReason | 'change';
}

/**
 * Emits several tables as immutable maps: when all of them are consistent with the kernel, then at most once a turn of the event
 * loop after changes.
 *
 * @internal
 */
export function watchView(live: SharedTables, tables: Readonly<Record<string, ViewTable>>): Observable<ViewState> {
  const changes = live.watch(Object.values(tables).flatMap(({ rows }) => (rows === undefined ? [] : [rows])));
  return new Observable((subscriber) => {
    const state = new LiveView(tables, live.links);
    let scheduled = false;
    const emit = (reason: ViewState['reason']): void => subscriber.next(state.next(reason));
    subscriber.add(
      changes.subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            state.replace(change.tables);
            emit(change.reason);
          } else if (state.apply(change.table, change.change) && !scheduled) {
            scheduled = true;
            // All messages of one wake-up are delivered in one turn: the view is emitted after the last one.
            // A scheduler of RxJS, so that a TestScheduler controls it.
            asapScheduler.schedule(() => {
              scheduled = false;
              if (!subscriber.closed && state.isDirty) emit('change');
            });
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}

/** The present objects of a view. */
class LiveView {
  readonly #tables: ReadonlyMap<string, MappedTable>;
  #names = new LinkNames();
  #version = 0;
  /** True if a change has not been emitted. */
  isDirty = false;

  constructor(tables: Readonly<Record<string, ViewTable>>, links: LiveTable<GetlinkReply>) {
    this.#tables = new Map(
      Object.entries(tables).map(([name, table]) => [name, new MappedTable(table, table.rows?.rows ?? (links as LiveTable<object>))]),
    );
  }

  /** Returns an emission of the present objects. */
  next(reason: ViewState['reason']): ViewState {
    this.isDirty = false;
    const tables = Object.fromEntries([...this.#tables].map(([name, table]) => [name, table.map]));
    return { tables, version: ++this.#version, reason };
  }

  replace(rows: Readonly<Record<string, readonly object[]>>): void {
    const links = rows[LINKS] as readonly GetlinkReply[];
    this.#names = new LinkNames(links);
    for (const [name, table] of this.#tables) table.replace(rows[name] ?? links, this.#names);
  }

  /** Applies a difference; returns true if the view has changed. */
  apply(name: string, difference: LiveDifference<object>): boolean {
    const concerned = name === LINKS ? renameLinks(this.#names, difference as LiveDifference<GetlinkReply>) : 'none';
    let changed = false;
    for (const [own, table] of this.#tables) {
      if (table.rename(concerned, this.#names)) changed = true;
      if ((own === name || (name === LINKS && table.isLinks)) && table.apply(difference, this.#names)) changed = true;
    }
    if (changed) this.isDirty = true;
    return changed;
  }
}

/** The objects of one table in a map. */
class MappedTable {
  readonly #table: ViewTable;
  readonly #objects: LiveObjects<object>;
  readonly #map = new VersionedMap<string, object>();
  /** The key of each object in the map. */
  readonly #keys = new Map<object, string>();

  constructor(table: ViewTable, rows: LiveTable<object>) {
    this.#table = table;
    this.#objects = new LiveObjects(table.translate, (row) => rows.keyOf(row));
  }

  get map(): ReadonlyMap<string, object> {
    return this.#map.snapshot();
  }

  replace(rows: readonly object[], names: LinkNames): void {
    this.#update(this.#objects.replace(rows, names));
  }

  /** True if the rows of the table are the links. */
  get isLinks(): boolean {
    return this.#table.rows === undefined;
  }

  rename(concerned: Concerned, names: LinkNames): boolean {
    return this.#update(this.#objects.rename(concerned, names));
  }

  apply(difference: LiveDifference<object>, names: LinkNames): boolean {
    return this.#update(this.#objects.apply(difference, names));
  }

  /** Returns true if the map has changed. */
  #update(differences: readonly LiveDifference<object>[]): boolean {
    let changed = false;
    for (const difference of differences) {
      const { type, value } = difference;
      if (type === 'changed' && this.#exchange(difference.previous, value)) changed = true;
      else if (type === 'removed' && this.#remove(value)) changed = true;
      else if (type === 'added' && this.#add(value)) changed = true;
    }
    return changed;
  }

  #add(object: object): boolean {
    if (!this.#table.isWanted(object)) return false;
    const name = this.#table.keyOf(object);
    let key = name;
    // Objects that the kernel keeps beside each other may have the same words.
    for (let count = 2; this.#map.get(key) !== undefined; count++) key = `${name} #${count}`;
    this.#put(key, object);
    return true;
  }

  /** An object whose words stay the same keeps its key and its place. */
  #exchange(previous: object, object: object): boolean {
    const key = this.#keys.get(previous);
    if (key === undefined) return this.#add(object);
    if (this.#table.isWanted(object) && this.#table.keyOf(previous) === this.#table.keyOf(object)) {
      this.#keys.delete(previous);
      this.#put(key, object);
      return true;
    }
    this.#remove(previous);
    this.#add(object);
    return true;
  }

  #put(key: string, object: object): void {
    this.#map.set(key, object);
    this.#keys.set(object, key);
  }

  #remove(object: object): boolean {
    const key = this.#keys.get(object);
    if (key === undefined) return false;
    this.#keys.delete(object);
    return this.#map.delete(key);
  }
}
