import type { LiveDifference } from '../../live/index.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import type { LinkNames } from '../names/link-names.js';
import { isEqual } from '../tables/compare.js';

/** Translates a row; undefined if the row means no object: its link is unknown. @internal */
export type Translate<T> = (row: object, names: LinkNames) => T | undefined;

/**
 * The objects of one table, made from its rows and from the names of links.
 *
 * Rows are distinguished by identity: a store of `live/` emits the row that it emitted before as `previous` or as removed.
 *
 * @internal
 */
export class LiveObjects<T extends object> {
  readonly #translate: Translate<T>;
  /** The object of each row; undefined while its link is unknown. */
  #objects = new Map<object, T | undefined>();
  /** The rows whose link is unknown. */
  #waiting = new Set<object>();

  constructor(translate: Translate<T>) {
    this.#translate = translate;
  }

  /** The present objects. */
  get entries(): T[] {
    return [...this.#objects.values()].filter((object) => object !== undefined);
  }

  /** Replaces all rows by those of a snapshot. Objects of rows that were known stay the same. */
  replace(rows: readonly object[], names: LinkNames): void {
    const before = this.#objects;
    this.#objects = new Map(rows.map((row) => [row, before.get(row) ?? this.#translate(row, names)]));
    this.#waiting = new Set(rows.filter((row) => this.#objects.get(row) === undefined));
  }

  /** Applies a difference of the links to the objects. */
  applyLink(difference: LiveDifference<GetlinkReply>, names: LinkNames): readonly LiveDifference<T>[] {
    const { type, value } = difference;
    if (type === 'removed') {
      names.remove(value.ifiIndex);
      return [];
    }
    if (type === 'changed') {
      if (hasSameNames(difference.previous, value)) return [];
      names.remove(value.ifiIndex);
    }
    names.add(value);
    const rows = type === 'added' ? [...this.#waiting] : [...this.#objects.keys()];
    return rows.flatMap((row) => this.#set(row, this.#objects.get(row), this.#translate(row, names)));
  }

  /** Applies a difference of the rows. */
  apply(difference: LiveDifference<object>, names: LinkNames): readonly LiveDifference<T>[] {
    const { type, value } = difference;
    if (type === 'removed') {
      const object = this.#objects.get(value);
      this.#forget(value);
      return object === undefined ? [] : [{ type: 'removed', value: object }];
    }
    const previous = type === 'changed' ? this.#objects.get(difference.previous) : undefined;
    if (type === 'changed') this.#forget(difference.previous);
    return this.#set(value, previous, this.#translate(value, names));
  }

  #forget(row: object): void {
    this.#objects.delete(row);
    this.#waiting.delete(row);
  }

  #set(row: object, previous: T | undefined, object: T | undefined): readonly LiveDifference<T>[] {
    this.#objects.set(row, object);
    if (object === undefined) this.#waiting.add(row);
    else this.#waiting.delete(row);
    if (object === undefined) return previous === undefined ? [] : [{ type: 'removed', value: previous }];
    if (previous === undefined) return [{ type: 'added', value: object }];
    const properties = changedProperties(previous, object);
    if (properties.length > 0) return [{ type: 'changed', value: object, previous, properties } as LiveDifference<T>];
    return [];
  }
}

/** Returns the names of the properties that differ. */
function changedProperties(previous: object, object: object): readonly string[] {
  const names = new Set([...Object.keys(previous), ...Object.keys(object)]);
  const [was, is] = [previous, object] as [Record<string, unknown>, Record<string, unknown>];
  return [...names].filter((name) => !isEqual(was[name], is[name]));
}

function hasSameNames(one: GetlinkReply, other: GetlinkReply): boolean {
  return one.ifname === other.ifname && isEqual(one.propList?.altIfname, other.propList?.altIfname);
}
