/** The reason of a `synced`. @public */
export type SyncReason =
  /** The collection was read for the first time, or this is the first `synced` of the subscriber. */
  | 'initial'
  /** Events were lost, and the collection was read again. */
  | 'overrun'
  /** A change interrupted a dump, and the collection was read again. */
  | 'interrupted'
  /** Objects may have changed without an event of their own, and the collection was read again. */
  | 'silent';

/** The names of a row's properties: of a union those of all members, of a type without known properties every name. @public */
export type ChangedProperty<T> = T extends unknown ? ([keyof T & string] extends [never] ? string : keyof T & string) : never;

/** An emission of a live collection. @public */
export type LiveChange<T> =
  /** The collection is consistent with the kernel; `entries` holds all of it. */
  | { readonly type: 'synced'; readonly entries: readonly T[]; readonly reason: SyncReason }
  | { readonly type: 'added'; readonly value: T }
  | {
      readonly type: 'changed';
      readonly value: T;
      readonly previous: T;
      /** Names of the properties that differ, without volatile ones. */
      readonly properties: readonly ChangedProperty<T>[];
    }
  | { readonly type: 'removed'; readonly value: T };

/** A difference: a {@link LiveChange} other than `synced`. @public */
export type LiveDifference<T> = Exclude<LiveChange<T>, { readonly type: 'synced' }>;

/** An event that a live collection receives from its source. @public */
export type LiveEvent<T> =
  /** The object exists, with these properties. */
  | { readonly type: 'set'; readonly value: T; readonly replace?: boolean; readonly append?: boolean }
  /** The object was deleted. */
  | { readonly type: 'delete'; readonly value: T }
  /** Objects may have changed or gone without an event of their own. */
  | { readonly type: 'silent' };
