import { map, Observable } from 'rxjs';
import type { PlanDifference } from '../plan/plan.js';
import { everyObject, restore } from '../restore/restore.js';
import { ROW_TABLES, takeSnapshot, type Snapshot } from '../restore/snapshot.js';
import type { WithSites } from '../site.js';
import type { Turns } from './turns.js';

/** The longest time to wait for addresses that are tested for duplicates, in milliseconds. */
const SETTLE = 3000;

/** The state of a namespace at one moment. @public */
export interface Checkpoint {
  /**
   * Writes the links, addresses, routes, rules, nexthops, neighbours and forwarding entries back as they were: what is missing is
   * created from its row, what was changed is changed back, and what was configured since then by any program is deleted.
   *
   * Emits what it could not bring back. It runs to its end, also without its subscriber. The firewall is not part of it.
   */
  rollback(): Observable<readonly PlanDifference[]>;
  /** The number of rows. */
  readonly rows: number;
}

/** Reads the state of a namespace. @internal */
export function checkpoint(withSites: WithSites, turns: Turns): Observable<Checkpoint> {
  return withSites((sites) => takeSnapshot(sites.own, true, () => true)).pipe(
    map((snapshot) => {
      const devices = new Map([...snapshot.devices.keys()].map((index) => [index, true]));
      return {
        rollback: () => detached(turns.take(() => restore(snapshot, everyObject, SETTLE, devices))),
        rows: countRows(snapshot),
      };
    }),
  );
}

/** Runs to the end also if the subscriber leaves: half a restoration is neither state. */
function detached<T>(source: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    // An observer of its own: a subscriber that is passed on would end the source with itself.
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
}

function countRows({ links, rows }: Snapshot): number {
  return ROW_TABLES.reduce((sum, table) => sum + rows.get(table)!.length, links.length);
}
