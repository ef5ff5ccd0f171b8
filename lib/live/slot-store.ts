import { differences } from './differences.js';
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
  /** What all objects of a slot share. */
  readonly slot: (value: T) => string;
  /** Properties, beside the volatile ones, that do not say which object of a slot it is. */
  readonly passing?: readonly string[];
  /** What of an object says which of a slot it is, where something deeper inside does not. */
  readonly identity?: (value: T) => object;
  /** How an event changes a slot that already holds something else. */
  readonly rule: SlotRule<T>;
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
  /** An object, or several; hundreds of thousands of slots hold one each. */
  #slots = new Map<string, T | readonly T[]>();
  /** Slots that were changed by an event which may be older than what was read; the next event about one tells. */
  readonly #guessed = new Set<string>();

  constructor(options: SlotStoreOptions<T>) {
    this.#options = options;
    this.#volatile = new Set(options.volatile);
    this.#passing = new Set([...(options.volatile ?? []), ...(options.passing ?? [])]);
  }

  entries(): T[] {
    const entries: T[] = [];
    for (const values of this.#slots.values()) {
      if (Array.isArray(values)) entries.push(...(values as readonly T[]));
      else entries.push(values as T);
    }
    return entries;
  }

  apply(event: LiveObjectEvent<T>, replay: boolean): LiveDifference<T>[] | undefined {
    const { type, value } = event;
    const slot = this.#options.slot(value);
    const present = this.#at(slot);
    // Only one of a kind that takes the place of the other leaves no doubt.
    const certain = type === 'set' && event.replace === true && present.length === 1;
    if (replay && this.#guessed.has(slot) && !certain) return undefined;
    const known = present.findIndex((one) => this.#same(one, value));
    if (type === 'delete') {
      if (present.length === 0) return [];
      return this.#put(slot, present, known >= 0 ? present.toSpliced(known, 1) : this.#ask(present, event));
    }
    if (present.length === 0) return this.#put(slot, present, [value]);
    if (known >= 0) return this.#put(slot, present, present.with(known, value));
    if (replay) this.#guessed.add(slot);
    return this.#put(slot, present, this.#ask(present, event));
  }

  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const before = this.#slots;
    this.#slots = new Map();
    for (const row of rows) this.#append(this.#options.slot(row), row);
    const changes: LiveDifference<T>[] = [];
    for (const [slot, values] of before) {
      if (!this.#slots.has(slot)) for (const value of asList(values)) changes.push({ type: 'removed', value });
    }
    for (const [slot, values] of this.#slots) {
      const previous = before.get(slot);
      if (previous !== values) changes.push(...this.#compare(asList(previous), asList(values)));
    }
    return changes;
  }

  fill(rows: Iterable<T>): void {
    const held = this.#slots.size === 0 ? undefined : new Set(this.#slots.keys());
    for (const row of rows) {
      const slot = this.#options.slot(row);
      if (held?.has(slot) !== true) this.#append(slot, row);
    }
  }

  #at(slot: string): readonly T[] {
    return asList(this.#slots.get(slot));
  }

  #append(slot: string, value: T): void {
    const present = this.#slots.get(slot);
    this.#slots.set(slot, present === undefined ? value : [...asList(present), value]);
  }

  #ask(present: readonly T[], event: LiveObjectEvent<T>): readonly T[] | undefined {
    return this.#options.rule(present, event, (one, other) => this.#same(one, other));
  }

  #put(slot: string, before: readonly T[], after: readonly T[] | undefined): LiveDifference<T>[] | undefined {
    if (after === undefined) return undefined;
    const [first] = after;
    if (first === undefined) this.#slots.delete(slot);
    else this.#slots.set(slot, after.length === 1 ? first : after);
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
    return properties.length === 0 ? [] : [{ type: 'changed', value, previous, properties }];
  }

  #same(one: T, other: T): boolean {
    const { identity = (whole: T): object => whole } = this.#options;
    return differences(identity(one), identity(other), this.#passing).length === 0;
  }
}

function asList<T>(values: T | readonly T[] | undefined): readonly T[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}
