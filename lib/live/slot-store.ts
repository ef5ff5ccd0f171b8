import { changed, differences } from './differences.js';
import type { ComparisonOptions } from './keyed-store.js';
import type { LiveDifference } from './live-change.js';
import type { LiveObjectEvent, LiveStore } from './live-store.js';

/** What an event makes of the objects of a slot; undefined where that cannot be told. @public */
export type SlotRule<T> = (
  present: readonly T[],
  event: LiveObjectEvent<T>,
  same: (one: T, other: T) => boolean,
) => readonly T[] | undefined;

/** How a {@link SlotStore} tells objects apart. @public */
export interface SlotStoreOptions<T> extends ComparisonOptions<T> {
  /** What all objects of a slot share, but for {@link SlotStoreOptions.label}: few are different. */
  readonly shelf: (value: T) => string;
  /** What tells the slots of a shelf apart; a string that the object holds anyway costs least. */
  readonly label: (value: T) => string;
  /** Properties, beside the volatile ones, that do not say which object of a slot it is. */
  readonly passing?: readonly string[];
  /** What of an object says which of a slot it is, where something deeper inside does not. */
  readonly identity?: (value: T) => object;
  /** How an event changes a slot that already holds something else. */
  readonly rule: SlotRule<T>;
  /** Slots have objects that are not held here, so that nobody can tell what an event does to the others of one. */
  readonly incomplete?: boolean;
}

/**
 * Objects that may share a key, in order: routes to one destination, each with a place in the line.
 *
 * Events say what to do with a slot, not always which of its objects is meant; where that is not sure, the store asks for
 * everything to be read again instead of guessing.
 *
 * @public
 */
export class SlotStore<T extends object> implements LiveStore<T> {
  readonly #options: SlotStoreOptions<T>;
  readonly #volatile: ReadonlySet<string>;
  readonly #passing: ReadonlySet<string>;
  /** By shelf and label: an object, or several; hundreds of thousands of slots hold one each. */
  #shelves = new Map<string, Shelf<T>>();
  /** Slots that were changed by an event which may be older than what was read; the next event about one tells. */
  readonly #guessed = new Set<string>();

  constructor(options: SlotStoreOptions<T>) {
    this.#options = options;
    this.#volatile = new Set(options.volatile);
    this.#passing = new Set([...(options.volatile ?? []), ...(options.passing ?? [])]);
  }

  /** All objects. */
  entries(): T[] {
    const entries: T[] = [];
    for (const shelf of this.#shelves.values())
      for (const values of shelf.values()) for (const value of asList(values)) entries.push(value);
    return entries;
  }

  /** Takes an event; returns what it changed, or undefined where only reading again tells. */
  apply(event: LiveObjectEvent<T>, replay: boolean): LiveDifference<T>[] | undefined {
    const { type, value } = event;
    const present = asList(this.#shelves.get(this.#options.shelf(value))?.get(this.#options.label(value)));
    // Only one of a kind that takes the place of the other leaves no doubt.
    const certain = type === 'set' && event.replace === true && present.length === 1;
    if (replay && !certain && this.#guessed.has(this.#name(value))) return undefined;
    const known = present.findIndex((one) => this.#same(one, value));
    if (type === 'delete') {
      if (present.length === 0) return [];
      return this.#put(value, present, known >= 0 ? present.toSpliced(known, 1) : this.#ask(present, event));
    }
    if (present.length === 0) return this.#put(value, present, [value]);
    if (known >= 0) return this.#put(value, present, present.with(known, value));
    if (replay) this.#guessed.add(this.#name(value));
    return this.#put(value, present, this.#ask(present, event));
  }

  /** Takes everything anew; returns what differs. */
  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const before = this.#shelves;
    this.#shelves = new Map();
    this.fill(rows);
    const changes: LiveDifference<T>[] = [];
    for (const [shelf, slots] of before) {
      const after = this.#shelves.get(shelf);
      for (const [label, values] of slots) {
        if (after?.has(label) !== true) for (const value of asList(values)) changes.push({ type: 'removed', value });
      }
    }
    for (const [shelf, slots] of this.#shelves) {
      const previous = before.get(shelf);
      for (const [label, values] of slots) changes.push(...this.#compare(asList(previous?.get(label)), asList(values)));
    }
    return changes;
  }

  /** Adds objects that are not there yet. */
  fill(rows: Iterable<T>): void {
    const held = new Map([...this.#shelves].map(([shelf, slots]) => [shelf, new Set(slots.keys())]));
    for (const row of rows) {
      const shelf = this.#options.shelf(row);
      const label = this.#options.label(row);
      if (held.get(shelf)?.has(label) === true) continue;
      const slots = this.#shelf(shelf);
      const present = slots.get(label);
      slots.set(label, present === undefined ? row : [...asList(present), row]);
    }
  }

  #shelf(name: string): Shelf<T> {
    let shelf = this.#shelves.get(name);
    if (shelf === undefined) this.#shelves.set(name, (shelf = new Map<string, T | readonly T[]>()));
    return shelf;
  }

  #name(value: T): string {
    return `${this.#options.shelf(value)} ${this.#options.label(value)}`;
  }

  #ask(present: readonly T[], event: LiveObjectEvent<T>): readonly T[] | undefined {
    if (this.#options.incomplete === true) return undefined;
    return this.#options.rule(present, event, (one, other) => this.#same(one, other));
  }

  #put(of: T, before: readonly T[], after: readonly T[] | undefined): LiveDifference<T>[] | undefined {
    if (after === undefined) return undefined;
    const [first] = after;
    const shelf = this.#shelf(this.#options.shelf(of));
    if (first === undefined) shelf.delete(this.#options.label(of));
    else shelf.set(this.#options.label(of), after.length === 1 ? first : after);
    return this.#compare(before, after);
  }

  /** What is the same on both sides has stayed, at most with other properties; the rest came, went or took a place. */
  #compare(before: readonly T[], after: readonly T[]): LiveDifference<T>[] {
    const left = [...before];
    const fresh: T[] = [];
    const changes: LiveDifference<T>[] = [];
    for (const value of after) {
      const at = left.findIndex((one) => one === value || this.#same(one, value));
      const [previous] = at < 0 ? [] : left.splice(at, 1);
      if (previous === undefined) fresh.push(value);
      else if (previous !== value) changes.push(...this.#changed(previous, value));
    }
    const [old] = left;
    const [young] = fresh;
    if (left.length === 1 && fresh.length === 1 && old !== undefined && young !== undefined)
      return [...changes, ...this.#changed(old, young)];
    for (const value of left) changes.push({ type: 'removed', value });
    for (const value of fresh) changes.push({ type: 'added', value });
    return changes;
  }

  #changed(previous: T, value: T): LiveDifference<T>[] {
    const { significant = (whole: T): object => whole } = this.#options;
    const properties = differences(significant(previous), significant(value), this.#volatile);
    return properties.length === 0 ? [] : [changed(previous, value, properties)];
  }

  #same(one: T, other: T): boolean {
    const { identity = (whole: T): object => whole } = this.#options;
    return differences(identity(one), identity(other), this.#passing).length === 0;
  }
}

type Shelf<T> = Map<string, T | readonly T[]>;

function asList<T>(values: T | readonly T[] | undefined): readonly T[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}
