import { catchError, forkJoin, map, mergeMap, of, throwError, type Observable } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import type { Link } from '../../links/link.js';
import { addParts } from '../../links/parts/link-parts.js';
import { LinkNames } from '../../names/link-names.js';
import type { Site, SiteChange } from '../site.js';
import { ADDRESS_ROWS } from './address-table.js';
import { FORWARDING_ROWS, NEIGHBOUR_ROWS } from './neighbour-tables.js';
import { NEXTHOP_ROWS, ROUTE_ROWS, RULE_ROWS } from './route-tables.js';
import { readTraffic, type TrafficObjects } from './restore-traffic.js';
import { readWireguardDevices, type WireguardDevices } from './wireguard-devices.js';
import type { RowTable } from './row-table.js';

/** The tables that are restored by their rows, in the order in which they need each other. @internal */
export const ROW_TABLES = [
  ADDRESS_ROWS,
  NEXTHOP_ROWS,
  ROUTE_ROWS,
  RULE_ROWS,
  NEIGHBOUR_ROWS,
  FORWARDING_ROWS,
] as unknown as readonly RowTable[];

/** The tables of traffic control. */
const TRAFFIC: ReadonlySet<string> = new Set(['qdiscs', 'classes', 'filters']);

/** The links and rows of a namespace at one moment, as they can be written back. @internal */
export interface Snapshot {
  readonly site: Site;
  readonly links: readonly Link[];
  readonly names: LinkNames;
  readonly rows: ReadonlyMap<RowTable, readonly object[]>;
  /** The devices of WireGuard links that the writes concern. */
  readonly devices: WireguardDevices;
  /** Traffic control, if the writes concern it. */
  readonly traffic: TrafficObjects | undefined;
}

/**
 * Reads everything that `restore` can write back.
 *
 * @param withTraffic - True to read traffic control too.
 * @param isWritten - Returns true for the index of a WireGuard link whose device is read, with its keys.
 * @internal
 */
export function takeSnapshot(site: Site, withTraffic: boolean, isWritten: (index: number) => boolean): Observable<Snapshot> {
  return readLinks(site).pipe(
    mergeMap(({ links, names }) =>
      forkJoin([
        forkJoin(ROW_TABLES.map((table) => table.read(site.clients))),
        withTraffic ? readTraffic(site, names) : of(undefined),
        readWireguardDevices(site, links, isWritten),
      ]).pipe(
        map(([rows, traffic, devices]) => ({
          site,
          links,
          names,
          rows: new Map(ROW_TABLES.map((table, position) => [table, rows[position]!])),
          devices,
          traffic,
        })),
      ),
    ),
  );
}

/** Adds to a snapshot what a later round writes for the first time. Links have the names that they had in the snapshot. @internal */
export function extendSnapshot(snapshot: Snapshot, withTraffic: boolean, isWritten: (index: number) => boolean): Observable<Snapshot> {
  const { site, links, names, traffic, devices } = snapshot;
  return forkJoin([
    withTraffic && traffic === undefined ? readTraffic(site, names) : of(traffic),
    readWireguardDevices(site, links, (index) => isWritten(index) && !devices.has(index)),
  ]).pipe(map(([control, more]) => ({ ...snapshot, traffic: control, devices: new Map([...devices, ...more]) })));
}

/** Reads the links, with the VLANs of bridges and their ports. @internal */
export function readLinks({ clients, models }: Site): Observable<{ readonly links: readonly Link[]; readonly names: LinkNames }> {
  const names = new LinkNames();
  return models.links.read(names).pipe(
    mergeMap((found) => {
      const links = found as readonly Link[];
      const isBridged = ({ kind, bridgePort }: Link & { readonly bridgePort?: unknown }): boolean =>
        kind === 'bridge' || bridgePort !== undefined;
      const bridged = links.filter(isBridged);
      return addParts(clients, bridged, ['vlans']).pipe(
        // CONFIG_BRIDGE_VLAN_FILTERING
        catchError((error: unknown) => (isKernelError(error, 'EOPNOTSUPP') ? of([]) : throwError(() => error))),
        map(() => ({ links, names })),
      );
    }),
  );
}

/** Returns true if changes concern traffic control: a deleted link takes its own along. @internal */
export function touchesTraffic(changes: readonly SiteChange[], site: Site): boolean {
  return changes.some(
    ({ site: other, change }) =>
      other === site &&
      (change.phase === 'traffic' ||
        TRAFFIC.has(change.table) ||
        (change.table === 'links' && change.before !== undefined && change.action !== 'change')),
  );
}
