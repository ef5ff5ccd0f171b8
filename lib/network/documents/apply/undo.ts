import { catchError, concat, concatMap, defer, EMPTY, from, ignoreElements, map, toArray, type Observable } from 'rxjs';
import { nameVerbs } from '../../namespaces/name-verbs.js';
import type { FirewallPart } from '../plan/plan-firewall-part.js';
import type { PlanDifference } from '../plan/plan.js';
import { ownObjects, restore } from '../restore/restore.js';
import type { Snapshot } from '../restore/snapshot.js';
import { writtenDevices } from '../restore/wireguard-devices.js';
import type { SiteChange } from '../site.js';
import { restoreFirewall } from './firewall/write-firewall.js';

/** The writes of an application, and what was there before. @internal */
export interface Undoing {
  readonly snapshots: readonly Snapshot[];
  readonly firewalls: readonly FirewallPart[];
  /** The names of the network namespaces that were created. */
  readonly created: readonly string[];
  readonly begun: readonly SiteChange[];
  /** The creations that the kernel rejected, because another program was faster: its objects stay. */
  readonly foreign: readonly SiteChange[];
  /** The longest time to wait for tentative addresses, in milliseconds. */
  readonly settle: number;
}

type Left = readonly PlanDifference[];

/**
 * Takes everything back, the firewall first, because it was written last; emits what is left.
 *
 * A part that fails does not keep the others from being taken back.
 *
 * @throws The first failure, as the error signal behind all attempts.
 * @internal
 */
export function undo({ snapshots, firewalls, created, begun, foreign, settle }: Undoing): Observable<Left> {
  const failures: unknown[] = [];
  const waiting: FirewallPart[] = [];
  const noting = <T>(source: Observable<T>): Observable<T> =>
    source.pipe(
      catchError((error: unknown) => {
        failures.push(error);
        return EMPTY;
      }),
    );
  const first = from([...firewalls].reverse()).pipe(
    concatMap((part) =>
      restoreFirewall(part).pipe(
        catchError(() => {
          waiting.push(part);
          return EMPTY;
        }),
      ),
    ),
  );
  const removal = from(created).pipe(concatMap((name) => noting(nameVerbs.ensureAbsent(name).pipe(ignoreElements()))));
  const restoration = from([...snapshots].reverse()).pipe(
    concatMap((snapshot) => {
      const { site } = snapshot;
      return noting(restore(snapshot, ownObjects(snapshot, begun, foreign), settle, writtenDevices(site, begun)));
    }),
  );
  // A chain may need a link that is back only now.
  const again = defer(() => from(waiting).pipe(concatMap((part) => noting(restoreFirewall(part)))));
  return concat(first, removal, restoration, again).pipe(
    toArray<Left>(),
    map((parts) => {
      if (failures.length > 0) throw failures[0];
      return parts.flat();
    }),
  );
}
