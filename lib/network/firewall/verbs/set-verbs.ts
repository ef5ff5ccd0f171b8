import type { Observable } from 'rxjs';
import type { LiveChange } from '../../../live/index.js';
import type { Many, VerbOptions } from '../../tables/verbs.js';
import type { MapElement, SetElement } from '../firewall.js';
import type { FirewallFamily } from '../rules/rule-context.js';
import type { SetEntry } from './set-entry.js';

/** The identity of a set or a map. @public */
export interface FirewallSetKey {
  /** The family of the table. */
  readonly family: FirewallFamily;
  /** The name of the table. */
  readonly table: string;
  /** The name of the set. */
  readonly name: string;
}

/**
 * The elements of a set or a map. Each verb is a cold Observable; all except `watch` emit exactly one value.
 *
 * @public
 */
export interface FirewallSet {
  /** Emits all elements, also those that packets have added. */
  list(options?: VerbOptions): Observable<readonly SetEntry[]>;
  /**
   * Emits all elements, then every change by a program. The kernel sends no events of elements that packets add or that expire: these
   * appear and disappear with the next event.
   */
  watch(): Observable<LiveChange<SetEntry>>;
  /**
   * Adds an element; emits `false` if the set has it already. If the set merges intervals, so does this verb.
   *
   * @throws {@link NetworkError} `exists` if the key has other data, or overlaps with another interval; `missing` without such a set.
   */
  add(element: SetElement | MapElement, options?: VerbOptions): Observable<boolean>;
  /** Deletes an element if it exists; emits `true` if it did. From a set that merges intervals, it cuts any interval. */
  ensureAbsent(element: SetElement | MapElement, options?: VerbOptions): Observable<boolean>;
  /** Adds elements in one transaction; if the kernel rejects one of them, each in its own. Failures are in the result. */
  addMany(elements: Iterable<SetElement | MapElement>, options?: VerbOptions): Observable<Many>;
  /** Deletes those of the elements that exist, as `addMany` adds them. */
  ensureAbsentMany(elements: Iterable<SetElement | MapElement>, options?: VerbOptions): Observable<Many>;
}
