import type { Observable } from 'rxjs';
import type { NetworkClients } from '../../clients.js';
import type { Step } from '../../tables/step.js';
import type { DocumentTable } from '../plan/planned-change.js';

/**
 * The facts about one table that the restoration of its rows needs.
 *
 * Rows are compared and written as the kernel gave them: what a translation into words loses, the kernel would lose.
 *
 * @internal
 */
export interface RowTable<R extends object = object> {
  readonly table: DocumentTable;
  /** Reads the configured rows. */
  readonly read: (clients: NetworkClients) => Observable<readonly R[]>;
  /** Returns a text that identifies an object; several may share it in the table of routes and of rules, in their order. */
  readonly slot: (row: R) => string;
  /** Returns the part of a row that is compared. */
  readonly content: (row: R) => object;
  /** Returns true if the kernel adds the row itself behind another write, so that it is written only if it does not come back. */
  readonly returns?: (row: R) => boolean;
  /** Returns true if a row of the same slot is another state of a row, and not another object. */
  readonly isChanged?: (before: R, now: R) => boolean;
  readonly add: (clients: NetworkClients, row: R) => Step;
  readonly remove: (clients: NetworkClients, row: R) => Step;
  /** Returns the request that exchanges a row in place, if the kernel can. */
  readonly replace?: (clients: NetworkClients, before: R, now: R) => Step | undefined;
}
