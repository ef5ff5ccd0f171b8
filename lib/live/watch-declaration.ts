import type { DumpName, DumpReply, DumpRequest, FamilySchema, FamilyTypes, GroupName } from '../schema/index.js';
import type { RowFilters } from '../client/index.js';
import type { LiveStore } from './live-store.js';

/** Messages of another table of the same protocol. @public */
export interface WatchTrigger {
  /** Number of the multicast group. */
  readonly group: number;
  /** Message types that count; all where left out. */
  readonly types?: readonly number[];
  /** Which of them count, by what follows the netlink header; all where left out. */
  readonly when?: (payload: Uint8Array) => boolean;
}

/** Notifications of another family of the same protocol. @public */
export interface FamilyTrigger {
  /** The other family's descriptor. */
  readonly family: FamilySchema;
  /** Its groups, by the kernel's names. */
  readonly groups: readonly string[];
  /** Its notifications that count. */
  readonly ops: readonly string[];
}

/**
 * What has to be known of a table to keep a collection of it true; declared beside the family's descriptor.
 *
 * @public
 */
export interface WatchDeclaration<T = object, Op extends string = string, Group extends string = string> {
  /** Groups of the family where its objects are told of, by the kernel's names. */
  readonly groups: readonly Group[];
  /** The notifications that bring or change an object. */
  readonly set: readonly Op[];
  /** The notifications that end an object. */
  readonly delete: readonly Op[];
  /** What stays the same while an object lives. */
  readonly key: (value: T) => unknown;
  /** Properties that change all the time (counters, timers): they update the entry and are no change. */
  readonly volatile?: readonly (keyof T & string)[];
  /** Properties that change without an event; only a later reading shows them. */
  readonly silent?: readonly (keyof T & string)[];
  /** What counts of an object, where something deeper inside it is volatile. */
  readonly significant?: (value: T) => object;
  /** Properties that events have and rows of a dump have not: they are left out. */
  readonly without?: readonly (keyof T & string)[];
  /** Events tell only what is new of an object: the rest of it stays. */
  readonly partial?: boolean;
  /** Objects of the same messages that belong to the table; others are of another kind, such as a bridge's view of a link. */
  readonly accepts?: (value: T) => boolean;
  /** Objects of the table that are told of; in other states they come and go without an event, and are left out. */
  readonly shows?: (value: T) => boolean;
  /** What the dump is asked for unless the request says otherwise. */
  readonly request?: object;
  /**
   * Properties of the request that choose among the objects, and what an object must have there. The kernel filters the
   * dump by them, but never the events; a request with any other is refused.
   */
  readonly filters?: RowFilters<T>;
  /** Rows of a dump may suit a filter without showing it: they are not checked. */
  readonly hiddenFilters?: true;
  /** Refusals of the dump that mean an empty table, by code. */
  readonly emptyOn?: readonly string[];
  /** Messages which mean that objects may have changed or gone without a word. */
  readonly triggers?: readonly WatchTrigger[];
  /** Notifications of other families that mean the same. */
  readonly familyTriggers?: readonly FamilyTrigger[];
  /** Own notifications that mean the same, all or some of them; also those about what does not belong to the table. */
  readonly silentOn?: Readonly<Partial<Record<Op, true | ((value: T) => boolean)>>>;
  /** Survivors may be missing from a large dump in which others were deleted. */
  readonly deletesInterrupt?: boolean;
  /** What the triggers tell comes before it is done, and rtnetlink's lock has to be waited for. */
  readonly waitsForLock?: boolean;
  /** Milliseconds after which the table is read again although nothing was heard. */
  readonly interval?: number;
  /** How objects are kept where several share a key. */
  readonly store?: () => LiveStore<T>;
}

/** Why a table cannot be watched. @public */
export type WatchRefusal = string;

/** The declaration of one table, or a function of the request where the request decides what is read. @public */
export type WatchOf<Family extends FamilyTypes, Op extends DumpName<Family>> =
  WatchedTable<Family, Op> | ((request: DumpRequest<Family, Op>) => WatchedTable<Family, Op> | WatchRefusal);

/** A table that can be watched. @public */
export type WatchedTable<Family extends FamilyTypes, Op extends DumpName<Family>> = WatchDeclaration<
  DumpReply<Family, Op> & object,
  keyof Family['notifications'] & string,
  GroupName<Family>
>;

/** By the name of the operation that dumps the table: how it is watched, or why it cannot be. @public */
export type WatchDeclarations<Family extends FamilyTypes, Watched extends DumpName<Family>> = {
  readonly [Op in Watched]: WatchOf<Family, Op>;
} & { readonly [Op in Exclude<DumpName<Family>, Watched>]?: WatchRefusal };
