/** Why a collection says that it is complete. @public */
export type SyncReason =
  /** It has just been read for the first time, or a subscriber has just come. */
  | 'initial'
  /** Events were lost, so it was read again. */
  | 'overrun'
  /** A change came between, so it was read again. */
  | 'interrupted'
  /** Something happened of which the kernel says nothing in detail, so it was read again. */
  | 'silent';

/** The names of a row's properties: of a union those of all members, of a type without any known property every name. @public */
export type PropertyOf<T> = T extends unknown ? ([keyof T & string] extends [never] ? string : keyof T & string) : never;

/** An emission of a live collection. @public */
export type LiveChange<T> =
  /** From here on the collection is what the kernel has; `entries` is all of it. */
  | { readonly type: 'synced'; readonly entries: readonly T[]; readonly reason: SyncReason }
  | { readonly type: 'added'; readonly value: T }
  | {
      readonly type: 'changed';
      readonly value: T;
      readonly previous: T;
      /** Names of the properties that differ, without volatile ones. */
      readonly properties: readonly PropertyOf<T>[];
    }
  | { readonly type: 'removed'; readonly value: T };

/** A difference: a {@link LiveChange} other than `synced`. @public */
export type LiveDifference<T> = Exclude<LiveChange<T>, { readonly type: 'synced' }>;

/** What a source of changes tells a live collection. @public */
export type LiveEvent<T> =
  /** The object is there, like this. */
  | { readonly type: 'set'; readonly value: T; readonly replace?: boolean; readonly append?: boolean }
  /** The object is gone. */
  | { readonly type: 'delete'; readonly value: T }
  /** Objects may have changed or gone without an event of their own. */
  | { readonly type: 'silent' };
