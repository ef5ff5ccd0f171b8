import type { LiveDifference } from '../../live/index.js';
import { changed, differences } from '../../live/internal.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import type { LinkNames } from '../names/link-names.js';

/** Translates a row; undefined if the row means no object: its link is unknown. @internal */
export type Translate<T> = (row: object, names: LinkNames) => T | undefined;

/** The rows that a change of the names of links concerns: those whose link was unknown, or all. @internal */
export type Concerned = 'none' | 'waiting' | 'all';

/** Brings the names up to date with a difference of the links; returns the rows that have to be translated again. @internal */
export function renameLinks(names: LinkNames, { type, value }: LiveDifference<GetlinkReply>): Concerned {
  if (type === 'removed') {
    names.remove(value.ifiIndex);
    return 'none';
  }
  if (names.has(value)) return 'none';
  names.remove(value.ifiIndex);
  names.add(value);
  return type === 'added' ? 'waiting' : 'all';
}

/** No property is volatile in an object. */
const NONE: ReadonlySet<string> = new Set();

/** A row, and the object that was made from it; undefined while its link is unknown. */
interface Entry<T> {
  readonly row: object;
  readonly object: T | undefined;
}

/**
 * The objects of one table, made from its rows and from the names of links.
 *
 * A store of `live/` exchanges a row without an emission if only volatile properties have changed. So entries have the key of the
 * table, which stays the same as long as the object exists.
 *
 * @internal
 */
export class LiveObjects<T extends object> {
  readonly #translate: Translate<T>;
  readonly #keyOf: (row: object) => string;
  #entries = new Map<string, Entry<T>>();
  /** The keys of the rows whose link is unknown. */
  readonly #waiting = new Set<string>();

  /** @param keyOf - Returns the key of a row, as the table of the row does. */
  constructor(translate: Translate<T>, keyOf: (row: object) => string) {
    this.#translate = translate;
    this.#keyOf = keyOf;
  }

  /** The present objects. */
  get entries(): T[] {
    return [...this.#entries.values()].map(({ object }) => object).filter((object) => object !== undefined);
  }

  /** Replaces all rows by those of a snapshot; returns the differences. Objects of rows that were known stay the same. */
  replace(rows: readonly object[], names: LinkNames): readonly LiveDifference<T>[] {
    const found = new Map(rows.map((row) => [this.#keyOf(row), row]));
    const removed = [...this.#entries.keys()].filter((key) => !found.has(key));
    return [...removed.flatMap((key) => this.#remove(key)), ...[...found].flatMap(([key, row]) => this.#set(key, row, names))];
  }

  /** Translates the rows again that a change of the names concerns. */
  rename(concerned: Concerned, names: LinkNames): readonly LiveDifference<T>[] {
    const keys = concerned === 'none' ? [] : concerned === 'waiting' ? [...this.#waiting] : [...this.#entries.keys()];
    return keys.flatMap((key) => this.#set(key, this.#entries.get(key)!.row, names));
  }

  /** Applies a difference of the rows. */
  apply({ type, value }: LiveDifference<object>, names: LinkNames): readonly LiveDifference<T>[] {
    const key = this.#keyOf(value);
    return type === 'removed' ? this.#remove(key) : this.#set(key, value, names);
  }

  #remove(key: string): readonly LiveDifference<T>[] {
    const object = this.#entries.get(key)?.object;
    this.#entries.delete(key);
    this.#waiting.delete(key);
    return object === undefined ? [] : [{ type: 'removed', value: object }];
  }

  #set(key: string, row: object, names: LinkNames): readonly LiveDifference<T>[] {
    const previous = this.#entries.get(key)?.object;
    const translated = this.#translate(row, names);
    const properties = previous === undefined || translated === undefined ? [] : differences(previous, translated, NONE);
    // An object without a difference stays the same, so that a view can keep its map.
    const object = previous !== undefined && translated !== undefined && properties.length === 0 ? previous : translated;
    this.#entries.set(key, { row, object });
    if (object === undefined) {
      this.#waiting.add(key);
      return previous === undefined ? [] : [{ type: 'removed', value: previous }];
    }
    this.#waiting.delete(key);
    if (previous === undefined) return [{ type: 'added', value: object }];
    return properties.length === 0 ? [] : [changed(previous, object, properties)];
  }
}
