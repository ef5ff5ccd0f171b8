/*
 * Classes and filters of interfaces: the kernel lists the classes of one interface, and the filters of one place, at a time.
 */

import { type Observable, EMPTY, catchError, concat, map, mergeMap, of, throwError, toArray } from 'rxjs';
import { isKernelError } from '../../errors/index.js';
import type { FamilyDump } from '../../live/index.js';
import type { GetqdiscReply, GettclassReply, Tcmsg } from '../generated/tc.js';

/** TC_H_ROOT: the parent of the root qdisc (uapi/linux/pkt_sched.h). */
const ROOT = 0xffff_ffff;

/** TC_H_CLSACT with TC_H_MIN_INGRESS and with TC_H_MIN_EGRESS. */
export const INGRESS = 0xffff_fff2;
export const EGRESS = 0xffff_fff3;

/** The handle of the qdiscs `ingress` and `clsact`: below `ingress` it is another name of the incoming side. @internal */
export const INGRESS_QDISC = 0xffff_0000;

/** Returns the parent by which the kernel lists filters: a request, and its event, may have another name of the incoming side. @internal */
export function sideOf(parent: number): number {
  return parent === INGRESS_QDISC ? INGRESS : parent;
}

/** Kinds of qdiscs that have no filters. */
const WITHOUT_FILTERS: ReadonlySet<string> = new Set(
  'bfifo cbs codel etf fq fq_pie gred hhf mq mqprio netem noqueue pfifo pfifo_fast pfifo_head_drop pie plug red skbprio taprio tbf'.split(
    ' ',
  ),
);

/** Kinds whose inner classes have filters of their own. */
const WITH_INNER_CLASSES: ReadonlySet<string> = new Set(['htb', 'hfsc']);

/** The place of some filters: the kernel lists those of one place at a time. @internal */
export interface FilterPlace {
  readonly ifindex: number;
  readonly parent: number;
  /** True if the qdisc is the root of its interface. */
  readonly atRoot: boolean;
}

/** Returns the places of the filters of a qdisc itself. @internal */
export function ownPlaces(qdisc: GetqdiscReply): readonly FilterPlace[] {
  const { ifindex, kind = '', handle } = qdisc;
  const ingress = { ifindex, parent: INGRESS, atRoot: false };
  if (kind === 'ingress') return [ingress];
  if (kind === 'clsact') return [ingress, { ...ingress, parent: EGRESS }];
  // A qdisc that the kernel has attached to an interface without one has no handle, and no filters.
  return handle === 0 || WITHOUT_FILTERS.has(kind) ? [] : [placeOf(qdisc)];
}

/** Returns the place of filters that have the handle of a qdisc as their parent. @internal */
export function placeOf({ ifindex, handle, parent }: GetqdiscReply): FilterPlace {
  return { ifindex, parent: handle, atRoot: parent === ROOT };
}

/** Reads the places of the filters of inner classes, which have classes below them. @internal */
export function innerPlaces(dump: FamilyDump, { ifindex, handle, kind }: GetqdiscReply): Observable<readonly FilterPlace[]> {
  if (kind === undefined || !WITH_INNER_CLASSES.has(kind)) return of([]);
  return ifPresent(dump('gettclass', { ifindex }) as Observable<GettclassReply>).pipe(
    toArray(),
    map((classes) => {
      const own = classes.filter((row) => majorOf(row.handle) === handle);
      const parents = new Set(own.map(({ parent }) => parent));
      return own.filter((row) => parents.has(row.handle)).map((row) => ({ ifindex, parent: row.handle, atRoot: false }));
    }),
  );
}

/** Reads the classes of all interfaces that have a qdisc. @internal */
export function readAllClasses(dump: FamilyDump): Observable<object> {
  return qdiscs(dump).pipe(
    map((rows) => new Set(rows.filter(({ kind }) => kind !== 'noqueue').map(({ ifindex }) => ifindex))),
    mergeMap((indexes) => concat(...[...indexes].map((ifindex) => ifPresent(dump('gettclass', { ifindex }))))),
  );
}

/** Reads the filters at the places that a request selects by `ifindex` and `parent`; 0 selects all. @internal */
export function readAllFilters(dump: FamilyDump, { ifindex = 0, parent = 0 }: Partial<Tcmsg>): Observable<object> {
  return qdiscs(dump, ifindex).pipe(
    mergeMap((rows) => concat(...rows.map((qdisc) => placesBelow(dump, qdisc, parent))).pipe(toArray())),
    mergeMap((lists) =>
      concat(...lists.flat().map((place) => ifPresent(dump('gettfilter', { ifindex: place.ifindex, parent: place.parent })))),
    ),
  );
}

/** Reads the places of the filters of a qdisc and its inner classes; only that of `parent` if it is not 0. */
function placesBelow(dump: FamilyDump, qdisc: GetqdiscReply, parent: number): Observable<readonly FilterPlace[]> {
  const own = ownPlaces(qdisc);
  if (parent === 0) return innerPlaces(dump, qdisc).pipe(map((inner) => [...own, ...inner]));
  const wanted = own.filter((place) => sideOf(place.parent) === sideOf(parent));
  if (wanted.length > 0) return of(wanted);
  // Only one place has the handle of its qdisc; the others are classes.
  const isClass = own.some((place) => place.parent === qdisc.handle) && majorOf(parent) === qdisc.handle;
  return of(isClass ? [{ ...placeOf(qdisc), parent }] : []);
}

/** An interface or a qdisc that disappears while it is read has no rows. @internal */
export function ifPresent<T>(rows: Observable<T>): Observable<T> {
  return rows.pipe(
    catchError((error: unknown) => (isKernelError(error, 'ENODEV') || isKernelError(error, 'EINVAL') ? EMPTY : throwError(() => error))),
  );
}

/** The kernel lists the qdiscs of all interfaces; the dump emits those of the wanted one. */
function qdiscs(dump: FamilyDump, ifindex = 0): Observable<readonly GetqdiscReply[]> {
  return (dump('getqdisc', ifindex === 0 ? {} : { ifindex }) as Observable<GetqdiscReply>).pipe(toArray());
}

/** Returns the handle of the qdisc in that of a class. @internal */
export function majorOf(handle: number): number {
  return (handle & 0xffff_0000) >>> 0;
}
