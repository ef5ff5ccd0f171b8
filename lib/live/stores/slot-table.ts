import { isEqual } from './differences.js';

/** The identity of the slot of an object. @internal */
export interface SlotIdentity<T> {
  /** Returns the part of the identity that many slots share. */
  readonly group: (value: T) => string;
  /** Returns the key of the slot within its group. */
  readonly key: (value: T) => string;
}

/** Most of hundreds of thousands of slots hold one object. */
type Slot<T> = T | readonly T[];

const FIRST_PLACES = 32;
/** The share of places that may be taken. A search for a slot that is missing visits 13 places then, one for a slot that exists 3. */
const MOST_TAKEN = 0.8;
const NONE = -1;
const FIRST_HASH = 0x811c9dc5;
/** The number of added rows that are placed at once: the processor then waits for many places of memory at the same time. */
const BATCH = 1024;

/**
 * A hash table of slots, in the order of insertion.
 *
 * The key of a slot is a string that its objects contain, so the table stores only its hash and its place: 9 to 18 bytes in typed arrays.
 * Unlike a `Map` of strings, it has nothing that the garbage collector follows except the slots themselves.
 *
 * @internal
 */
export class SlotTable<T extends object> {
  readonly #identity: SlotIdentity<T>;
  readonly #shared: (row: T, others: readonly T[]) => void;
  /** The slots in their order; undefined for a deleted one. */
  #slots: (Slot<T> | undefined)[] = [];
  /** The hash of each slot. */
  #hashes = new Int32Array(capacityOf(FIRST_PLACES));
  /**
   * Positions in `#slots` by the low bits of the hash, with linear probing. The high bits, which no position needs, are those of the hash, so that
   * a search reads no other memory until it finds its slot.
   */
  #places = new Int32Array(FIRST_PLACES).fill(NONE);
  /** The number of slots that have a place; the others were added last. */
  #placed = 0;
  #deleted = 0;
  /** True if a slot may hold several objects. */
  #hasLists = false;
  /** The last group, and its hash: successive objects mostly have one group. */
  #group = '';
  #groupHash = FIRST_HASH;
  /** The position in the previous table where the next row is expected. */
  #expected = 0;

  /** @param shared - Called before a row is added to a slot with others. */
  constructor(identity: SlotIdentity<T>, shared: (row: T, others: readonly T[]) => void = () => undefined) {
    this.#identity = identity;
    this.#shared = shared;
  }

  /** True if the table has no slots; deleted ones count until they are removed. */
  get isEmpty(): boolean {
    return this.#slots.length === 0;
  }

  /** Returns the objects of the slot of a value; none if it is empty. */
  get(value: T): readonly T[] {
    return listOf(this.#slotAt(this.#find(value, this.#hashOf(value))));
  }

  /** Replaces the objects of the slot of a value. */
  set(value: T, objects: readonly T[]): void {
    const hash = this.#hashOf(value);
    const position = this.#find(value, hash);
    const slot = objects.length === 1 ? objects[0] : objects;
    if (objects.length === 0) {
      if (position === NONE) return;
      this.#slots[position] = undefined;
      this.#deleted++;
      return;
    }
    if (objects.length > 1) this.#hasLists = true;
    if (position === NONE) this.#append(slot!, hash);
    else this.#slots[position] = slot;
  }

  /**
   * Adds a row to the end of its slot. If an object of the previous table equals it, the slot holds that object.
   *
   * @param previous - The table before the reading that the row belongs to; most rows have the same order there.
   */
  add(row: T, previous: SlotTable<T>): void {
    if (this.#slots.length === 0) this.#reserve(previous.#slots.length);
    let at = this.#expected;
    let kept = previous.#slotAt(at);
    let hash: number;
    if (kept !== undefined && isEqual(kept, row)) hash = previous.#hashes[at]!;
    else {
      hash = this.#hashOf(row);
      at = previous.isEmpty ? NONE : previous.#find(row, hash);
      kept = previous.#slotAt(at);
      if (kept !== undefined && !isEqual(kept, row)) kept = undefined;
    }
    if (at !== NONE) this.#expected = at + 1;
    this.#append(kept ?? row, hash);
    if (this.#slots.length - this.#placed >= BATCH) this.#placeAdded();
  }

  /** Adds rows to the end of their slots, where the slot was empty before the call. */
  fill(rows: Iterable<T>): void {
    this.#placeAdded();
    this.#compact();
    const held = this.#slots.length;
    for (const row of rows) {
      const hash = this.#hashOf(row);
      const position = this.#find(row, hash);
      if (position === NONE) this.#append(row, hash);
      else if (position >= held) this.#share(position, row);
    }
  }

  /** Returns the objects of all slots. */
  objects(): T[] {
    this.#placeAdded();
    if (!this.#hasLists && this.#deleted === 0) {
      // An array that grew has room for more. The copy has none, and stays.
      const grown = this.#slots;
      this.#slots = grown.slice();
      return grown as T[];
    }
    const objects: T[] = [];
    for (const slot of this.#slots) {
      if (slot === undefined) continue;
      // Not by spreading: the stack limits the number of arguments.
      if (Array.isArray(slot)) for (const object of slot as readonly T[]) objects.push(object);
      else objects.push(slot as T);
    }
    return objects;
  }

  /**
   * Visits the slots that may hold other objects than they held in the previous table.
   *
   * @returns The slots of the previous table that this one does not have.
   */
  compare(previous: SlotTable<T>, differ: (before: readonly T[], after: readonly T[]) => void): (readonly T[])[] {
    this.#placeAdded();
    const [slots, earlier] = [this.#slots, previous.#slots];
    const isKnown = new Uint8Array(earlier.length);
    let known = 0;
    for (let position = 0, expected = 0; position < slots.length;) {
      const run = lengthOfRun(slots, position, earlier, expected);
      if (run > 0) {
        isKnown.fill(1, expected, expected + run);
        known += run;
        position += run;
        expected += run;
        continue;
      }
      const after = listOf(slots[position++]);
      const [first] = after;
      if (first === undefined) continue;
      const at = previous.#find(first, this.#hashOf(first));
      differ(listOf(previous.#slotAt(at)), after);
      if (at === NONE) continue;
      isKnown[at] = 1;
      known++;
      expected = at + 1;
    }
    if (known === earlier.length - previous.#deleted) return [];
    return earlier.filter((slot, at) => slot !== undefined && isKnown[at] === 0).map(listOf);
  }

  /** Iterates over the objects of each slot. */
  *slots(): Generator<readonly T[], undefined> {
    this.#placeAdded();
    for (const slot of this.#slots) if (slot !== undefined) yield listOf(slot);
    return undefined;
  }

  #hashOf(value: T): number {
    const group = this.#identity.group(value);
    if (group !== this.#group) {
      this.#group = group;
      this.#groupHash = hashText(group, FIRST_HASH);
    }
    // The high bits, which depend on all characters, are mixed into the low ones.
    let hash = hashText(this.#identity.key(value), this.#groupHash);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  }

  /** Returns the position of the slot of a value. */
  #find(value: T, hash: number): number {
    this.#placeAdded();
    return this.#positionAt(this.#placeOf(value, hash));
  }

  /** Returns the place that holds the position of the slot of a value, or a free one for it. */
  #placeOf(value: T, hash: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const place = places[at]!;
      if (place === NONE || (((place ^ hash) & ~mask) === 0 && this.#isSlotOf(place & mask, value))) return at;
    }
  }

  #positionAt(at: number): number {
    const place = this.#places[at]!;
    return place === NONE ? NONE : place & (this.#places.length - 1);
  }

  /** Returns a slot. A position that an array lacks makes V8 leave the fast path. */
  #slotAt(position: number): Slot<T> | undefined {
    return position >= 0 && position < this.#slots.length ? this.#slots[position] : undefined;
  }

  #isSlotOf(position: number, value: T): boolean {
    const slot = this.#slots[position];
    if (slot === undefined) return false;
    const { group, key } = this.#identity;
    const held = firstOf(slot);
    return held === value || (key(held) === key(value) && group(held) === group(value));
  }

  #append(slot: Slot<T>, hash: number): void {
    if (this.#slots.length === this.#hashes.length) this.#grow();
    this.#hashes[this.#slots.push(slot) - 1] = hash;
  }

  /** Gives places to the slots that were added last. A row whose slot exists moves there. */
  #placeAdded(): void {
    for (let position = this.#placed; position < this.#slots.length; position++) {
      const hash = this.#hashes[position]!;
      const at = this.#placeOf(firstOf(this.#slots[position]!), hash);
      const earlier = this.#positionAt(at);
      if (earlier === NONE) this.#takePlace(at, position, hash);
      else {
        this.#share(earlier, this.#slots[position] as T);
        this.#slots[position] = undefined;
        this.#deleted++;
      }
    }
    this.#placed = this.#slots.length;
  }

  #share(position: number, row: T): void {
    const others = listOf(this.#slots[position]);
    this.#shared(row, others);
    this.#slots[position] = [...others, row];
    this.#hasLists = true;
  }

  #place(position: number, hash: number): void {
    const mask = this.#places.length - 1;
    let at = hash & mask;
    while (this.#places[at] !== NONE) at = (at + 1) & mask;
    this.#takePlace(at, position, hash);
  }

  #takePlace(at: number, position: number, hash: number): void {
    const mask = this.#places.length - 1;
    this.#places[at] = (hash & ~mask) | position;
  }

  /** Makes room for that many slots at once. */
  #reserve(slots: number): void {
    let places = this.#places.length;
    while (capacityOf(places) < slots) places *= 2;
    if (places > this.#places.length) this.#resize(places);
  }

  /** Makes room: removes deleted slots if they are many, or doubles the table. */
  #grow(): void {
    if (this.#deleted > this.#slots.length / 4) this.#compact();
    else this.#resize(2 * this.#places.length);
  }

  #compact(): void {
    if (this.#deleted === 0) return;
    this.#placeAdded();
    let next = 0;
    for (let position = 0; position < this.#slots.length; position++) {
      const slot = this.#slots[position];
      if (slot === undefined) continue;
      this.#slots[next] = slot;
      this.#hashes[next++] = this.#hashes[position]!;
    }
    this.#slots.length = next;
    this.#placed = next;
    this.#deleted = 0;
    this.#resize(this.#places.length);
  }

  #resize(places: number): void {
    const hashes = new Int32Array(capacityOf(places));
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#places = new Int32Array(places).fill(NONE);
    for (let position = 0; position < this.#placed; position++) {
      // A slot that was deleted has no place.
      if (this.#slots[position] !== undefined) this.#place(position, hashes[position]!);
    }
  }
}

/** Returns the number of slots that so many places can have. It is less than theirs, so that no place with a position equals `NONE`. */
function capacityOf(places: number): number {
  return Math.floor(places * MOST_TAKEN);
}

/** Returns the number of successive slots that are the same in two tables. A small loop, because V8 interprets it at first. */
function lengthOfRun<T>(one: readonly (T | undefined)[], at: number, other: readonly (T | undefined)[], otherAt: number): number {
  const longest = Math.min(one.length - at, other.length - otherAt);
  let run = 0;
  while (run < longest && one[at + run] === other[otherAt + run] && one[at + run] !== undefined) run++;
  return run;
}

/** Continues a hash (FNV-1a over UTF-16). */
function hashText(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

function firstOf<T extends object>(slot: Slot<T>): T {
  return Array.isArray(slot) ? (slot as readonly T[])[0]! : (slot as T);
}

function listOf<T extends object>(slot: Slot<T> | undefined): readonly T[] {
  if (slot === undefined) return [];
  return Array.isArray(slot) ? (slot as readonly T[]) : [slot as T];
}
