import { catchError, forkJoin, map, mergeMap, of, throwError, type Observable } from 'rxjs';
import { isKernelError } from '../../errors/index.js';
import type { GetqdiscReply, GettfilterReply } from '../../families/tc.js';
import type { NetworkClients } from '../clients.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { parseHandle, type Handle } from '../traffic/handle.js';
import { EGRESS, INGRESS, majorOf } from './filter-rows.js';

type Client = NetworkClients['tc'];

/** TC_H_ROOT (uapi/linux/pkt_sched.h). */
const ROOT = 0xffff_ffff;

/** Kinds of qdiscs that have no filters. */
const WITHOUT_FILTERS: ReadonlySet<string> = new Set(
  ['bfifo', 'cbs', 'codel', 'etf', 'fq', 'fq_pie', 'gred', 'hhf', 'mq', 'mqprio', 'netem', 'noqueue'].concat([
    'pfifo',
    'pfifo_fast',
    'pfifo_head_drop',
    'pie',
    'plug',
    'red',
    'skbprio',
    'taprio',
    'tbf',
  ]),
);

/** Kinds whose inner classes have filters of their own. */
const WITH_INNER_CLASSES: ReadonlySet<string> = new Set(['htb', 'hfsc']);

/** A filter of a link, and whether its qdisc is the root. @internal */
export interface FoundFilter {
  readonly row: GettfilterReply;
  readonly atRoot: boolean;
}

/** The place of some filters: the kernel lists those of one place at a time. */
interface Place {
  readonly ifindex: number;
  readonly parent: number;
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
function places(tc: Client, qdiscs: readonly GetqdiscReply[], parent: unknown): Observable<readonly Place[]> {
  if (typeof parent === 'string' && parent.includes(':')) {
    const [wanted, major] = [parseHandle(parent), majorOf(parent as Handle)];
    return of(qdiscs.filter(({ handle }) => handle === major).map((qdisc) => ({ ...placeOf(qdisc), parent: wanted })));
  }
  const own = qdiscs.flatMap((qdisc) => ownPlaces(qdisc)).filter((place) => isWanted(place, parent));
  const inner = qdiscs.filter(({ kind }) => parent === undefined && kind !== undefined && WITH_INNER_CLASSES.has(kind));
  if (inner.length === 0) return of(own);
  return forkJoin(inner.map((qdisc) => innerPlaces(tc, qdisc))).pipe(map((more) => [...own, ...more.flat()]));
}

function isWanted({ parent, atRoot }: Place, wanted: unknown): boolean {
  if (wanted === 'root') return atRoot;
  if (wanted === 'ingress') return parent === INGRESS;
  return wanted === 'egress' ? parent === EGRESS : true;
}

function placeOf({ ifindex, handle, parent }: GetqdiscReply): Place {
  return { ifindex, parent: handle, atRoot: parent === ROOT };
}

function ownPlaces(qdisc: GetqdiscReply): readonly Place[] {
  const { ifindex, kind = '' } = qdisc;
  const ingress = { ifindex, parent: INGRESS, atRoot: false };
  if (kind === 'ingress') return [ingress];
  if (kind === 'clsact') return [ingress, { ...ingress, parent: EGRESS }];
  return WITHOUT_FILTERS.has(kind) ? [] : [placeOf(qdisc)];
}

/** Returns the classes of a qdisc that have classes below them. */
function innerPlaces(tc: Client, { ifindex, handle }: GetqdiscReply): Observable<readonly Place[]> {
  return tc.list('gettclass', { ifindex }).pipe(
    map((classes) => {
      const own = classes.filter((row) => majorOf(row.handle) === handle);
      const parents = new Set(own.map(({ parent }) => parent));
      return own.filter((row) => parents.has(row.handle)).map((row) => ({ ifindex, parent: row.handle, atRoot: false }));
    }),
    ifGone(),
  );
}

function filtersAt(tc: Client, { ifindex, parent, atRoot }: Place): Observable<readonly FoundFilter[]> {
  return tc.list('gettfilter', { ifindex, parent }).pipe(
    map((rows) => rows.map((row) => ({ row, atRoot }))),
    ifGone(),
  );
}

/** A link or a qdisc that disappears while it is read has no filters. */
function ifGone<T>(): (source: Observable<readonly T[]>) => Observable<readonly T[]> {
  return catchError((error: unknown) =>
    isKernelError(error, 'ENODEV') || isKernelError(error, 'EINVAL') ? of([]) : throwError(() => error),
  );
}

/** Reads the indexes of the links with a qdisc `ingress`, which has no egress side. @internal */
export function linksWithoutEgress(tc: Client): Observable<ReadonlySet<number>> {
  return tc.list('getqdisc').pipe(map((qdiscs) => new Set(qdiscs.filter(({ kind }) => kind === 'ingress').map(({ ifindex }) => ifindex))));
}
