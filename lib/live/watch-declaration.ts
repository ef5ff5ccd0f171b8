import type { LiveStore } from './live-store.js';

/**
 * What has to be known of a table to keep a collection of it true; declared beside the family's descriptor.
 *
 * @public
 */
export interface WatchDeclaration<T = object> {
  /** Groups of the family where its objects are told of, by the kernel's names. */
  readonly groups: readonly string[];
  /** The notifications that bring or change an object, and those that end it. */
  readonly set: readonly string[];
  readonly delete: readonly string[];
  /** What stays the same while an object lives. */
  readonly key: (value: T) => unknown;
  /** Properties that change all the time (counters, timers): they update the entry and are no change. */
  readonly volatile?: readonly (keyof T & string)[];
  /** Properties that change without an event; only a later reading shows them. */
  readonly silent?: readonly (keyof T & string)[];
  /** Objects of the same messages that are of another kind, such as a bridge's view of a link. */
  readonly accepts?: (value: T) => boolean;
  /** Numbers of groups of the same protocol whose messages mean that objects may have changed or gone without a word. */
  readonly triggers?: readonly number[];
  /** Own notifications that mean the same. */
  readonly silentOn?: readonly string[];
  /** Survivors may be missing from a large dump in which others were deleted. */
  readonly deletesInterrupt?: boolean;
  /** What the triggers tell comes before it is done, and rtnetlink's lock has to be waited for. */
  readonly waitsForLock?: boolean;
  /** Milliseconds after which the table is read again although nothing was heard. */
  readonly interval?: number;
  /** How objects are kept where several share a key. */
  readonly store?: (declaration: WatchDeclaration<T>) => LiveStore<T>;
}

/** By the name of the operation that dumps the table; a text says why it cannot be watched. @public */
export type WatchDeclarations = Readonly<Record<string, WatchDeclaration<never> | string>>;
