import { type Observable, concat, EMPTY, ignoreElements, map, mergeMap, of, throwError } from 'rxjs';
import type { GetlinkReply } from '../../../families/rt-link.js';
import type { NetworkClients } from '../../clients.js';
import { FieldError } from '../../common/field-error.js';
import { entriesOf, vlansOf, vlansOfRow, type VlanRange, type Vlans } from './vlan-range.js';

const NONE: Vlans = new Map();

type Clients = Pick<NetworkClients, 'link' | 'vlan'>;

/** Returns true for links that have VLANs: bridges and their ports. */
function hasVlans({ linkinfo }: GetlinkReply): boolean {
  return linkinfo?.kind === 'bridge' || linkinfo?.slaveKind === 'bridge';
}

/** Reads the VLANs of links by their indexes; those of other links are empty. @internal */
export function readVlans({ vlan }: Clients, rows: readonly GetlinkReply[]): Observable<ReadonlyMap<number, Vlans>> {
  const [first, ...others] = rows.filter(hasVlans);
  if (first === undefined) return of(new Map());
  // The kernel rejects the index of a link that has none (EINVAL).
  return vlan
    .list('getvlan', others.length === 0 ? { ifindex: first.ifiIndex } : {})
    .pipe(map((found) => new Map(found.map((row) => [row.ifindex, vlansOfRow(row)]))));
}

/**
 * Makes a list the whole list of VLANs of a link: deletes those that are not in it, then writes those that differ.
 *
 * @param self - The link; the kernel gives a new port the default VLAN, so that its VLANs are read first.
 * @internal
 */
export function writeVlans(
  clients: Clients,
  self: { readonly ifiIndex: number } | { readonly ifname: string },
  ranges: readonly VlanRange[],
): Observable<never> {
  const wanted = vlansOf(ranges);
  return clients.link.do('getlink', self).pipe(
    mergeMap((row) => {
      if (hasVlans(row)) return readVlans(clients, [row]).pipe(map((found) => [row.ifiIndex, found.get(row.ifiIndex) ?? NONE] as const));
      return throwError(() => new FieldError('vlans', 'the link is not a bridge and has no bridge as its master'));
    }),
    mergeMap(([ifindex, found]) => {
      const removed = entriesOf(new Map([...found].filter(([id]) => !wanted.has(id)).map(([id]) => [id, 0])));
      const added = entriesOf(new Map([...wanted].filter(([id, flags]) => found.get(id) !== flags)));
      return concat(
        removed.length === 0 ? EMPTY : clients.vlan.do('delvlan', { ifindex, entry: removed }).pipe(ignoreElements()),
        added.length === 0 ? EMPTY : clients.vlan.do('newvlan', { ifindex, entry: added }).pipe(ignoreElements()),
      );
    }),
  );
}
