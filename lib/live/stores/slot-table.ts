/** The identity of the slot of an object. @internal */
export interface SlotIdentity<T> {
  /** Returns the part of the identity that many slots share. */
  readonly group: (value: T) => string;
  /** Returns the key of the slot within its group. */
  readonly key: (value: T) => string;
}

/** Most of hundreds of thousands of slots hold one object. */
type Slot<T> = T | readonly T[];

const FIRST_CAPACITY = 16;
const NONE = -1;

/**
 * A hash table of slots, in the order of insertion.
 *
 * The key of a slot is a string that its objects contain, so the table stores only its hash, its group and its place: 16 to 32 bytes in typed
 * arrays. Unlike a `Map` of strings, it has nothing that the garbage collector follows except the slots themselves.
 *
 * @internal
 */
export class SlotTable<T extends object> {
  readonly #identity: SlotIdentity<T>;
  /** Numbers of the groups. */
  readonly #groups = new Map<string, number>();
  /** The slots in their order; undefined for a deleted one. */
  #slots: (Slot<T> | undefined)[] = [];
  /** The hash and the group of each slot. */
  #hashes = new Int32Array(FIRST_CAPACITY);
  #slotGroups = new Uint32Array(FIRST_CAPACITY);
  /** Positions in `#slots` by hash, with linear probing; at most half full. */
  #places = new Int32Array(2 * FIRST_CAPACITY).fill(NONE);
  #deleted = 0;

  constructor(identity: SlotIdentity<T>) {
    this.#identity = identity;
  }

  /** The number of slots with objects. */
  get size(): number {
    return this.#slots.length - this.#deleted;
  }

  /** Returns the objects of the slot of a value; none if it is empty. */
  get(value: T): readonly T[] {
    const group = this.#groups.get(this.#identity.group(value));
    if (group === undefined) return [];
    const key = this.#identity.key(value);
    return listOf(this.#slots[this.#find(key, group, hashOf(key, group))]);
  }

  /** Replaces the objects of the slot of a value. */
  set(value: T, objects: readonly T[]): void {
    const group = this.#groupOf(value);
    const key = this.#identity.key(value);
    const hash = hashOf(key, group);
    const position = this.#find(key, group, hash);
    const slot = objects.length === 1 ? objects[0] : objects;
    if (objects.length === 0) {
      if (position === NONE) return;
      this.#slots[position] = undefined;
      this.#deleted++;
    } else if (position === NONE) this.#append(slot!, group, hash);
    else this.#slots[position] = slot;
  }

  /**
   * Adds rows to the end of their slots, where the slot was empty before the call.
   *
   * @param shared - Called before a row is added to a slot with others.
   */
  fill(rows: Iterable<T>, shared: (row: T, others: readonly T[]) => void): void {
    this.#compact();
    const held = this.#slots.length;
    if (Array.isArray(rows)) this.#reserve(held + rows.length);
    for (const row of rows) {
      const group = this.#groupOf(row);
      const key = this.#identity.key(row);
      const hash = hashOf(key, group);
      const position = this.#find(key, group, hash);
      if (position === NONE) this.#append(row, group, hash);
      else if (position >= held) {
        const others = listOf(this.#slots[position]);
        shared(row, others);
        this.#slots[position] = [...others, row];
      }
    }
  }

  /** Returns the objects of all slots. */
  objects(): T[] {
    const objects: T[] = [];
    for (const slot of this.#slots) {
      if (slot === undefined) continue;
      // Not by spreading: the stack limits the number of arguments.
      if (Array.isArray(slot)) for (const object of slot as readonly T[]) objects.push(object);
      else objects.push(slot as T);
    }
    return objects;
  }

  /** Iterates over the objects of each slot. */
  *slots(): Generator<readonly T[], undefined> {
    for (const slot of this.#slots) if (slot !== undefined) yield listOf(slot);
    return undefined;
  }

  #groupOf(value: T): number {
    const name = this.#identity.group(value);
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, (group = this.#groups.size));
    return group;
  }

  #find(key: string, group: number, hash: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const position = places[at]!;
      if (position === NONE) return NONE;
      if (this.#hashes[position] === hash && this.#slotGroups[position] === group && this.#hasKey(position, key)) return position;
    }
  }

  #hasKey(position: number, key: string): boolean {
    const slot = this.#slots[position];
    if (slot === undefined) return false;
    return this.#identity.key(Array.isArray(slot) ? (slot as readonly T[])[0]! : (slot as T)) === key;
  }

  #append(slot: Slot<T>, group: number, hash: number): void {
    if (this.#slots.length === this.#hashes.length) this.#grow();
    const position = this.#slots.push(slot) - 1;
    this.#hashes[position] = hash;
    this.#slotGroups[position] = group;
    this.#place(position, hash);
  }

  #place(position: number, hash: number): void {
    const mask = this.#places.length - 1;
    let at = hash & mask;
    while (this.#places[at] !== NONE) at = (at + 1) & mask;
    this.#places[at] = position;
  }

  /** Makes room for that many slots at once: filling a table that grows takes twice as long. */
  #reserve(slots: number): void {
    const capacity = 2 ** Math.ceil(Math.log2(slots));
    if (capacity > this.#hashes.length) this.#rebuild(capacity);
  }

  /** Makes room: removes deleted slots if they are many, or doubles the table. */
  #grow(): void {
    if (this.#deleted > this.#slots.length / 4) this.#compact();
    else this.#rebuild(2 * this.#hashes.length);
  }

  #compact(): void {
    if (this.#deleted > 0) this.#rebuild(this.#hashes.length);
  }

  #rebuild(capacity: number): void {
    const hashes = new Int32Array(capacity);
    const groups = new Uint32Array(capacity);
    const slots: (Slot<T> | undefined)[] = [];
    this.#places = new Int32Array(2 * capacity).fill(NONE);
    for (let position = 0; position < this.#slots.length; position++) {
      const slot = this.#slots[position];
      if (slot === undefined) continue;
      const hash = this.#hashes[position]!;
      const next = slots.push(slot) - 1;
      hashes[next] = hash;
      groups[next] = this.#slotGroups[position]!;
      this.#place(next, hash);
    }
    this.#slots = slots;
    this.#hashes = hashes;
    this.#slotGroups = groups;
    this.#deleted = 0;
  }
}

/** Returns the hash of a key and a group (FNV-1a over UTF-16; the high bits, which depend on all characters, are mixed into the low ones). */
function hashOf(key: string, group: number): number {
  let hash = 0x811c9dc5 ^ group;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function listOf<T extends object>(slot: Slot<T> | undefined): readonly T[] {
  if (slot === undefined) return [];
  return Array.isArray(slot) ? (slot as readonly T[]) : [slot as T];
}
