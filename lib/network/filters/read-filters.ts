import { forkJoin, map, mergeMap, of, toArray, type Observable } from 'rxjs';
import type { GetqdiscReply, GettfilterReply } from '../../families/tc.js';
import { EGRESS, INGRESS, ifPresent, innerPlaces, ownPlaces, placeOf, type FilterPlace } from '../../families/traffic/places.js';
import type { FamilyDump } from '../../live/index.js';
import type { NetworkClients } from '../clients.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { parseHandle, type Handle } from '../traffic/handle.js';
import { majorOf } from './filter-rows.js';

type Client = NetworkClients['tc'];

/** A filter of a link, and whether its qdisc is the root. @internal */
export interface FoundFilter {
  readonly row: GettfilterReply;
  readonly atRoot: boolean;
}

/** Reads the filters that a key may match. @internal */
export function readFilters(tc: Client, names: LinkNames, { link, linkIndex, parent }: Wanted): Observable<readonly FoundFilter[]> {
  const index = typeof link === 'string' ? names.indexOf(link) : linkIndex;
  if (typeof link === 'string' && index === undefined) return of([]);
  return tc.list('getqdisc').pipe(
    map((qdiscs) => qdiscs.filter(({ ifindex, handle }) => handle !== 0 && (index === undefined || ifindex === index))),
    mergeMap((qdiscs) => places(tc, qdiscs, parent)),
    mergeMap((found) => (found.length === 0 ? of([]) : forkJoin(found.map((place) => filtersAt(tc, place))))),
    map((lists) => lists.flat()),
  );
}

/** Returns the places below qdiscs that may have filters. */
function places(tc: Client, qdiscs: readonly GetqdiscReply[], parent: unknown): Observable<readonly FilterPlace[]> {
  if (typeof parent === 'string' && parent.includes(':')) {
    const [wanted, major] = [parseHandle(parent), majorOf(parent as Handle)];
    return of(qdiscs.filter(({ handle }) => handle === major).map((qdisc) => ({ ...placeOf(qdisc), parent: wanted })));
  }
  const own = qdiscs.flatMap((qdisc) => ownPlaces(qdisc)).filter((place) => isWanted(place, parent));
  if (parent !== undefined || qdiscs.length === 0) return of(own);
  const dump: FamilyDump = (op, request) => tc.dump(op as 'gettclass', request);
  return forkJoin(qdiscs.map((qdisc) => innerPlaces(dump, qdisc))).pipe(map((more) => [...own, ...more.flat()]));
}

function isWanted({ parent, atRoot }: FilterPlace, wanted: unknown): boolean {
  if (wanted === 'root') return atRoot;
  if (wanted === 'ingress') return parent === INGRESS;
  return wanted === 'egress' ? parent === EGRESS : true;
}

function filtersAt(tc: Client, { ifindex, parent, atRoot }: FilterPlace): Observable<readonly FoundFilter[]> {
  return ifPresent(tc.dump('gettfilter', { ifindex, parent })).pipe(
    map((row) => ({ row, atRoot })),
    toArray(),
  );
}

/** Reads the indexes of the links with a qdisc `ingress`, which has no egress side. @internal */
export function linksWithoutEgress(tc: Client): Observable<ReadonlySet<number>> {
  return tc.list('getqdisc').pipe(map((qdiscs) => new Set(qdiscs.filter(({ kind }) => kind === 'ingress').map(({ ifindex }) => ifindex))));
}
