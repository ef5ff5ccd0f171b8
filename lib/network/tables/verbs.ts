import type { Observable } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { NetworkError } from '../common/network-error.js';
import type { Time } from '../units/time.js';

/** The name of a table of `network()`. @public */
export type TableKey =
  | 'links'
  | 'addresses'
  | 'routes'
  | 'rules'
  | 'nexthops'
  | 'neighbours'
  | 'fdb'
  | 'qdiscs'
  | 'classes'
  | 'filters'
  | 'wireguard'
  | 'firewall';

/** The options of a verb. @public */
export interface VerbOptions {
  /** Cancels the verb; its `reason` becomes the error. What was sent has happened. */
  readonly signal?: AbortSignal;
  /**
   * The longest time to wait for the kernel.
   * @defaultValue no limit
   */
  readonly timeout?: Time;
}

/** The options of verbs that change an object. @public */
export interface EnsureOptions extends VerbOptions {
  /**
   * Deletes and creates an object again whose property the kernel cannot change in place.
   *
   * A qdisc or a class with classes, qdiscs or filters below it is not deleted: the verb fails with the reason `busy`.
   * @defaultValue false
   */
  readonly recreate?: boolean;
}

/** A difference between an object and what was wanted, which a verb has written. @public */
export interface Difference {
  /** The table of the object; `namespaces` has no table in `network()`. */
  readonly table: TableKey | 'namespaces';
  /** The kind of change. */
  readonly action: 'add' | 'change' | 'delete' | 'recreate';
  /** The object, in words. */
  readonly name: string;
  /** One line in the manner of a diff: `~ link br0: mtu 1500 -> 9000`. */
  readonly text: string;
  /** The values by path: `bridge.ageing`. Without `from` the property was absent, without `to` it was removed. */
  readonly changes?: Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;
}

/** The result of `ensure` and `change`. @public */
export interface Ensured<T> {
  /** The object as the kernel has it now. */
  readonly object: T;
  /** The changes that were written; empty if the object was as wanted. */
  readonly changed: readonly Difference[];
}

/** The result of a verb on many objects. @public */
export interface Many {
  /** The number of objects that were written. */
  readonly written: number;
  /** The others, by their position in the input. */
  readonly failed: readonly { readonly index: number; readonly error: NetworkError }[];
}

/** The scalar properties of an object, as a filter: each must be equal; `null` means that the property is absent. @public */
export type Where<T> = {
  readonly [K in keyof T as [NonNullable<T[K]>] extends [string | number | boolean | bigint] ? K : never]?: T[K] | null;
};

/**
 * The verbs that read a table. Each is a cold Observable; all except `watch` emit exactly one value.
 *
 * @typeParam Watched - The objects of `watch`, if they lack properties such as counters.
 * @public
 */
export interface Readers<T, Key, Filter, Watched = T> {
  /** Emits all objects that match the filter, as one array. */
  list(filter?: Filter, options?: VerbOptions): Observable<readonly T[]>;
  /**
   * Emits one object.
   *
   * @throws {@link NetworkError} `missing` if there is none, `ambiguous` if the key matches several.
   */
  get(key: Key, options?: VerbOptions): Observable<T>;
  /**
   * Emits one object, or `undefined` if there is none.
   *
   * @throws {@link NetworkError} `ambiguous` if the key matches several.
   */
  find(key: Key, options?: VerbOptions): Observable<T | undefined>;
  /** Emits all objects, then every change. An object that begins or ceases to match the filter is `added` or `removed`. */
  watch(filter?: Filter): Observable<LiveChange<Watched>>;
}

/** The verbs that write a table. Each is a cold Observable that emits exactly one value. @public */
export interface Writers<T, Spec, Key, Part = Partial<Spec>> {
  /**
   * Creates an object; emits it as the kernel has it.
   *
   * @throws {@link NetworkError} `exists` if there is one with this key.
   */
  add(spec: Spec, options?: VerbOptions): Observable<T>;
  /**
   * Creates an object, or changes those properties of an existing one that differ. Omitted properties are left alone, `null`
   * removes a setting.
   *
   * @throws {@link NetworkError} `unsupported` if the kernel cannot change a property in place; see {@link EnsureOptions.recreate}.
   */
  ensure(spec: Spec, options?: EnsureOptions): Observable<Ensured<T>>;
  /**
   * Changes properties of an existing object, as `ensure` does.
   *
   * @throws {@link NetworkError} `missing` if there is none.
   */
  change(key: Key, part: Part, options?: EnsureOptions): Observable<Ensured<T>>;
  /**
   * Deletes an object; emits the object as it was before.
   *
   * @throws {@link NetworkError} `missing` if there is none, `ambiguous` if the key matches several.
   */
  delete(key: Key, options?: VerbOptions): Observable<T>;
  /** Deletes an object if it exists; emits `true` if it did. */
  ensureAbsent(key: Key, options?: VerbOptions): Observable<boolean>;
  /** Creates objects in as few datagrams as possible. Failures are in the result, never in the error signal. */
  addMany(specs: Iterable<Spec>, options?: VerbOptions): Observable<Many>;
  /** Reads the table once, and writes those objects that differ. Failures are in the result. */
  ensureMany(specs: Iterable<Spec>, options?: EnsureOptions): Observable<Many>;
  /** Deletes objects in as few datagrams as possible. Failures, such as objects that do not exist, are in the result. */
  deleteMany(keys: Iterable<Key>, options?: VerbOptions): Observable<Many>;
}
