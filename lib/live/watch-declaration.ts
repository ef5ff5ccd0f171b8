import type { Observable } from 'rxjs';
import type { DumpName, DumpReply, DumpRequest, FamilySchema, FamilyTypes, GroupName } from '../schema/index.js';
import type { RowFilters } from '../client/index.js';
import type { LiveStore } from './stores/live-store.js';

/** Sends a dump of a family: the name of the operation, and its request. @public */
export type FamilyDump = (op: string, request: object) => Observable<object>;

/** Messages about another table of the same protocol that trigger a resync. @public */
export interface WatchTrigger {
  /** Number of the multicast group. */
  readonly group: number;
  /** Message types that count; all if omitted. */
  readonly types?: readonly number[];
  /** Returns true for the payload of a message that counts; all count if omitted. */
  readonly when?: (payload: Uint8Array) => boolean;
}

/** Notifications of another family of the same protocol that trigger a resync. @public */
export interface FamilyTrigger {
  /** The other family's descriptor. */
  readonly family: FamilySchema;
  /** Its groups, by the kernel's names. */
  readonly groups: readonly string[];
  /** Its notifications that count. */
  readonly ops: readonly string[];
}

/**
 * The facts about a table that a live collection of it needs; declared beside the family's descriptor.
 *
 * @public
 */
export interface WatchDeclaration<T = object, Op extends string = string, Group extends string = string> {
  /** Multicast groups of the family in which the kernel reports changes of the table, by the kernel's names. */
  readonly groups: readonly Group[];
  /** Notifications of an object that was created or changed. */
  readonly set: readonly Op[];
  /** Notifications of an object that was deleted. */
  readonly delete: readonly Op[];
  /** Returns the key of an object: it stays the same as long as the object exists. */
  readonly key: (value: T) => unknown;
  /** Properties that change all the time (counters, timers): they update the entry without a `changed`. */
  readonly volatile?: readonly (keyof T & string)[];
  /** Properties that change without an event; only the next resync shows the new value. */
  readonly silent?: readonly (keyof T & string)[];
  /** Returns the part of an object that is compared; needed if a nested property is volatile. */
  readonly significant?: (value: T) => object;
  /** Properties that only events contain, and not the rows of a dump: they are omitted from the entries. */
  readonly without?: readonly (keyof T & string)[];
  /** Events contain only the new properties of an object; the entry keeps the others. */
  readonly partial?: boolean;
  /** Returns true for an object that belongs to the table. The same messages may carry others, such as a bridge's view of a link. */
  readonly accepts?: (value: T) => boolean;
  /** Returns true for an object in a state whose changes the kernel reports. Objects in other states are omitted. */
  readonly shows?: (value: T) => boolean;
  /** Properties of the dump's request, unless the caller's request sets them. */
  readonly request?: object;
  /**
   * Reads the table, if one dump of the kernel does not have all of it. It replaces the dump of the operation: nothing else is sent.
   *
   * The library removes rows that the request does not select.
   *
   * - An error with a code in `emptyOn` ends the reading silently, so that later dumps are not sent. Catch such an error of one dump.
   * - An interrupted dump completes. The library calls `read` again when all dumps have ended.
   *
   * @param dump - Sends a dump of the family.
   * @param request - The properties that the caller and `request` set, to read only what they select.
   */
  readonly read?: (dump: FamilyDump, request: object) => Observable<object>;
  /**
   * Properties of the request that select objects, and the value that an object must have for each. The kernel filters the
   * dump by them, but never the events. `watch` throws if the request has any other property.
   */
  readonly filters?: RowFilters<T>;
  /**
   * Further properties by which only the kernel can select. If present, `list` and `dump` throw if the request has another one that is
   * not 0 and has no filter: the kernel ignores it silently, and returns all rows.
   */
  readonly kernelFilters?: readonly string[];
  /** Properties without which the kernel's dump is silently empty: `list` and `dump` throw if one is 0 or omitted. */
  readonly needs?: readonly string[];
  /** Rows of a dump may match a filter without containing the property: they are not checked. */
  readonly hiddenFilters?: true;
  /** Error codes with which the kernel rejects the dump of an empty table. Rows that `read` emitted before the error are kept. */
  readonly emptyOn?: readonly string[];
  /** Messages after which objects may have changed or disappeared without an event of their own. */
  readonly triggers?: readonly WatchTrigger[];
  /** Notifications of other families with the same meaning. */
  readonly familyTriggers?: readonly FamilyTrigger[];
  /** Notifications of the family with the same meaning, all or some of them; also about objects outside of the table. */
  readonly silentOn?: Readonly<Partial<Record<Op, true | ((value: T) => boolean)>>>;
  /** True if a large dump may miss existing objects when others are deleted meanwhile. */
  readonly deletesInterrupt?: boolean;
  /** True if the kernel sends the triggers before the change is done, so that the resync waits for rtnetlink's lock. */
  readonly waitsForLock?: boolean;
  /** Milliseconds after which the table is read again although no event arrived. */
  readonly interval?: number;
  /** Creates an empty store; needed if several objects share a key. */
  readonly store?: () => LiveStore<T>;
}

/** The reason why a table cannot be watched. @public */
export type UnwatchableReason = string;

/** The declaration of one table, or a function of the request if the request decides what is read. @public */
export type WatchOf<Family extends FamilyTypes, Op extends DumpName<Family>> =
  WatchedTable<Family, Op> | ((request: DumpRequest<Family, Op>) => WatchedTable<Family, Op> | UnwatchableReason);

/** A table that can be watched. @public */
export type WatchedTable<Family extends FamilyTypes, Op extends DumpName<Family>> = WatchDeclaration<
  DumpReply<Family, Op> & object,
  keyof Family['notifications'] & string,
  GroupName<Family>
>;

/**
 * The declarations of a family, by the name of the operation that dumps the table. A function is called for each `list`, `dump` and `watch`; it may
 * throw a TypeError for a request that the kernel would misread.
 *
 * @public
 */
export type WatchDeclarations<Family extends FamilyTypes, Watched extends DumpName<Family>> = {
  readonly [Op in Watched]: WatchOf<Family, Op>;
} & {
  readonly [Op in Exclude<DumpName<Family>, Watched>]?: UnwatchableReason | ((request: DumpRequest<Family, Op>) => UnwatchableReason);
};
