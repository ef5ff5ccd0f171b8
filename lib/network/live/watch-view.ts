import { Observable } from 'rxjs';
import { watchTables, type LiveDifference, type LiveTable, type SyncReason } from '../../live/index.js';
import { VersionedMap } from '../../live/internal.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { LinkNames } from '../names/link-names.js';
import { LiveObjects, type Translate } from './live-objects.js';

/** One table of a view. @internal */
export interface ViewTable {
  /** The rows; undefined for the links. */
  readonly rows: LiveTable<object> | undefined;
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
export function watchView(links: LiveTable<GetlinkReply>, tables: Readonly<Record<string, ViewTable>>): Observable<ViewState> {
  const rows = Object.entries(tables).flatMap(([name, table]) => (table.rows === undefined ? [] : [[name, table.rows] as const]));
  const changes = watchTables<Record<string, object>>({ [LINKS]: links, ...Object.fromEntries(rows) });
  return new Observable((subscriber) => {
    const state = new LiveView(tables, links);
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
            queueMicrotask(() => {
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

/** The name under which the links are watched for their names; a view may also have a table `links`, with a filter. */
const LINKS = '#links';

/** The present objects of a view. */
class LiveView {
  readonly #tables: ReadonlyMap<string, MappedTable>;
  #names = new LinkNames();
  #version = 0;
  /** True if a change has not been emitted. */
  isDirty = false;

  constructor(tables: Readonly<Record<string, ViewTable>>, links: LiveTable<GetlinkReply>) {
    this.#tables = new Map(
      Object.entries(tables).map(([name, table]) => [name, new MappedTable(table, table.rows ?? (links as LiveTable<object>))]),
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
    let changed = false;
    for (const [own, table] of this.#tables) {
      if (name === LINKS && table.applyLink(difference as LiveDifference<GetlinkReply>, this.#names)) changed = true;
      if (own === name && table.apply(difference, this.#names)) changed = true;
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

  applyLink(difference: LiveDifference<GetlinkReply>, names: LinkNames): boolean {
    const renamed = this.#update(this.#objects.applyLink(difference, names));
    return this.#table.rows === undefined ? this.apply(difference, names) || renamed : renamed;
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
