import { changed, differences, isEqual } from './differences.js';
import type { ComparisonOptions } from './keyed-store.js';
import type { LiveDifference } from '../live-change.js';
import type { LiveObjectEvent, LiveStore } from './live-store.js';
import { SlotTable } from './slot-table.js';
import { assignNumber, numberedKey, passNumber } from './shared-keys.js';

/**
 * Returns the objects of a slot after an event; undefined if the event does not determine them.
 *
 * @public
 */
export type OrderRule<T> = (
  present: readonly T[],
  event: LiveObjectEvent<T>,
  same: (one: T, other: T) => boolean,
) => readonly T[] | undefined;

/** Options of an {@link OrderedStore}. The objects with the same group and the same key form a slot. @public */
export interface OrderedStoreOptions<T> extends ComparisonOptions<T> {
  /** Returns the part of an object's identity that many slots share. Few groups make the store small. */
  readonly group: (value: T) => string;
  /** Returns the key of an object's slot within its group; a string that the object contains costs the least memory. */
  readonly key: (value: T) => string;
  /** Properties that do not identify an object within its slot, in addition to the volatile ones. */
  readonly transient?: readonly string[];
  /** Returns the part of an object that identifies it within its slot; needed if a nested property does not count. */
  readonly identity?: (value: T) => object;
  /** Applies an event to a slot that holds other objects already. */
  readonly rule: OrderRule<T>;
  /** The store does not hold all objects of a slot, so that the effect of an event on the others is unknown. */
  readonly incomplete?: boolean;
}

/**
 * A store of objects that may share a key and that have an order, such as the routes to one destination.
 *
 * An event does not always identify one object of its slot. If it does not, the store asks for a resync.
 *
 * @public
 */
export class OrderedStore<T extends object> implements LiveStore<T> {
  readonly #options: OrderedStoreOptions<T>;
  readonly #volatile: ReadonlySet<string>;
  readonly #transient: ReadonlySet<string>;
  #table: SlotTable<T>;
  /** False if the rows follow a state of the table: then the comparison with it gives them their numbers, and its objects keep theirs. */
  #isFirst = true;
  /** Slots that were changed by an event which may be older than the snapshot; the next event about one asks for a resync. */
  readonly #guessed = new Set<string>();

  constructor(options: OrderedStoreOptions<T>) {
    this.#options = options;
    this.#table = new SlotTable(options, (row, others) => {
      if (this.#isFirst) assignNumber(row, others);
    });
    this.#volatile = new Set(options.volatile);
    this.#transient = new Set([...(options.volatile ?? []), ...(options.transient ?? [])]);
  }

  /** Returns all objects. */
  entries(): T[] {
    return this.#table.objects();
  }

  /** Applies an event; returns the differences, or undefined if only a resync can determine them. */
  apply(event: LiveObjectEvent<T>, replay: boolean): LiveDifference<T>[] | undefined {
    const { type, value } = event;
    const present = this.#table.get(value);
    // A replayed event is certain only if it replaces the single object of the slot.
    const certain = type === 'set' && event.replace === true && present.length === 1;
    if (replay && !certain && this.#guessed.has(this.#slotName(value))) return undefined;
    const known = present.findIndex((one) => this.#same(one, value));
    if (type === 'delete') {
      if (present.length === 0) return [];
      if (known === 0 && present.length === 1) {
        // Most slots hold one object.
        this.#table.set(value, []);
        return [{ type: 'removed', value: present[0]! }];
      }
      return this.#put(value, present, known >= 0 ? present.toSpliced(known, 1) : this.#applyRule(present, event));
    }
    if (present.length === 0) {
      this.#table.set(value, [value]);
      return [{ type: 'added', value }];
    }
    // A replacing event may be about another object, also if an equal one is known.
    const isKnown = known >= 0 && (event.replace !== true || present.length === 1);
    if (isKnown) return this.#put(value, present, present.with(known, value));
    if (replay) this.#guessed.add(this.#slotName(value));
    return this.#put(value, present, this.#applyRule(present, event));
  }

  /** Replaces all objects; returns the differences. */
  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const table = new SlotTable(this.#options);
    table.fill(rows);
    return this.#exchange(table);
  }

  /** Replaces all objects by those of another store, which is not used afterwards; returns the differences. */
  replaceBy(store: LiveStore<T>): LiveDifference<T>[] {
    return store instanceof OrderedStore ? this.#exchange((store as OrderedStore<T>).#table) : this.replace(store.entries());
  }

  #exchange(table: SlotTable<T>): LiveDifference<T>[] {
    const changes: LiveDifference<T>[] = [];
    const gone = table.compare(this.#table, (before, after) => {
      if (!passEqual(before, after)) changes.push(...this.#compare(before, after));
    });
    this.#table = table;
    return [...gone.flat().map((value): LiveDifference<T> => ({ type: 'removed', value })), ...changes];
  }

  /** Returns a string that names an object as long as it exists: its slot, and a number if other objects of the slot came before it. */
  keyOf(value: T): string {
    return numberedKey(this.#slotName(value), value);
  }

  /** Adds a row of a reading to the end of its slot. */
  add(row: T, previous: LiveStore<T>): void {
    const table = (previous as OrderedStore<T>).#table;
    this.#isFirst &&= table.isEmpty;
    this.#table.add(row, table);
  }

  /** Adds the objects whose slot was empty before the call. */
  fill(rows: Iterable<T>): void {
    this.#table.fill(rows);
  }

  /** Returns true if objects are equal. The kernel can have two equal IPv6 routes, and repeats rows when routes are created during a dump. */
  hasEqual(): boolean {
    for (const slot of this.#table.slots()) {
      if (slot.some((one, at) => slot.slice(0, at).some((other) => this.#same(other, one)))) return true;
    }
    return false;
  }

  #slotName(value: T): string {
    return `${this.#options.group(value)} ${this.#options.key(value)}`;
  }

  #applyRule(present: readonly T[], event: LiveObjectEvent<T>): readonly T[] | undefined {
    if (this.#options.incomplete === true) return undefined;
    return this.#options.rule(present, event, (one, other) => this.#same(one, other));
  }

  #put(value: T, before: readonly T[], after: readonly T[] | undefined): LiveDifference<T>[] | undefined {
    if (after === undefined) return undefined;
    this.#table.set(value, after);
    return this.#compare(before, after);
  }

  /** Compares a slot before and after. One object that disappears and one that appears count as a change of the same object. */
  #compare(before: readonly T[], after: readonly T[]): LiveDifference<T>[] {
    const left = [...before];
    const added: T[] = [];
    const changes: LiveDifference<T>[] = [];
    for (const value of after) {
      const at = left.findIndex((one) => one === value || this.#same(one, value));
      const [previous] = at < 0 ? [] : left.splice(at, 1);
      if (previous === undefined) added.push(value);
      else if (previous !== value) {
        passNumber(previous, value);
        changes.push(...this.#changed(previous, value));
      }
    }
    const [removed] = left;
    const [replacement] = added;
    if (left.length === 1 && added.length === 1 && removed !== undefined && replacement !== undefined) {
      passNumber(removed, replacement);
      return [...changes, ...this.#changed(removed, replacement)];
    }
    if (added.length > 0) this.#number(after, added);
    for (const value of left) changes.push({ type: 'removed', value });
    for (const value of added) changes.push({ type: 'added', value });
    return changes;
  }

  #number(values: readonly T[], added: readonly T[]): void {
    const numbered = values.filter((value) => !added.includes(value));
    for (const value of added) {
      assignNumber(value, numbered);
      numbered.push(value);
    }
  }

  #changed(previous: T, value: T): LiveDifference<T>[] {
    const { significant = (whole: T): object => whole } = this.#options;
    const properties = differences(significant(previous), significant(value), this.#volatile);
    return properties.length === 0 ? [] : [changed(previous, value, properties)];
  }

  #same(one: T, other: T): boolean {
    if (isEqual(one, other)) return true;
    const { identity = (whole: T): object => whole } = this.#options;
    return differences(identity(one), identity(other), this.#transient).length === 0;
  }
}

/** Returns true if two states of a slot are equal, and gives the numbers of its objects to the new ones. */
function passEqual(before: readonly object[], after: readonly object[]): boolean {
  if (before.length !== after.length || !before.every((value, at) => isEqual(value, after[at]!))) return false;
  before.forEach((value, at) => passNumber(value, after[at]!));
  return true;
}
