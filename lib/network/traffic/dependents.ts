import { type Observable, catchError, forkJoin, map, of, throwError } from 'rxjs';
import { isKernelError } from '../../errors/index.js';
import type { NetworkClients } from '../clients.js';
import { filterOf, majorOf } from '../filters/filter-rows.js';
import { readFilters } from '../filters/read-filters.js';
import type { LinkNames } from '../names/link-names.js';
import { handleText } from './handle.js';

type Client = NetworkClients['tc'];

/** The parents of the root qdisc and of `clsact`, which are below no other one: TC_H_ROOT and TC_H_CLSACT (uapi/linux/pkt_sched.h). */
const TOP: ReadonlySet<number> = new Set([0xffff_ffff, 0xffff_fff1]);

/** Kinds whose classes users create; other kinds have classes by themselves. */
const WITH_OWN_CLASSES: ReadonlySet<string> = new Set(['atm', 'drr', 'hfsc', 'htb', 'qfq']);

/** Returns true for the handle of a parent that is the object, or that belongs to it. */
type IsParent = (parent: number) => boolean;

/** Reads what the kernel deletes together with a qdisc: classes, the qdiscs below them, filters; in words. @internal */
export function dependentsOfQdisc(tc: Client, names: LinkNames, ifindex: number, qdisc: number): Observable<readonly string[]> {
  return dependents(
    tc,
    names,
    ifindex,
    (parent) => majorOf(parent) === qdisc,
    (handle) => majorOf(handle) === qdisc && handle !== qdisc,
  );
}

/** Reads what the kernel deletes together with a class, or what prevents its deletion; in words. @internal */
export function dependentsOfClass(tc: Client, names: LinkNames, ifindex: number, handle: number): Observable<readonly string[]> {
  const isParent: IsParent = (parent) => parent === handle;
  return dependents(tc, names, ifindex, isParent, (_handle, parent) => isParent(parent));
}

function dependents(
  tc: Client,
  names: LinkNames,
  ifindex: number,
  isParent: IsParent,
  isClass: (handle: number, parent: number) => boolean,
): Observable<readonly string[]> {
  const classes = tc.list('gettclass', { ifindex }).pipe(
    map((rows) => rows.filter(({ kind = '', handle, parent }) => WITH_OWN_CLASSES.has(kind) && isClass(handle, parent))),
    map((rows) => rows.sort((one, other) => one.handle - other.handle).map(({ handle }) => `class ${handleText(handle)}`)),
  );
  const qdiscs = tc.list('getqdisc', { ifindex }).pipe(
    // The kernel attaches default qdiscs without a handle.
    map((rows) => rows.filter(({ handle, parent }) => handle !== 0 && !TOP.has(parent) && isParent(parent))),
    map((rows) => rows.map(({ handle }) => `qdisc ${handleText(handle)}`)),
  );
  const filters = readFilters(tc, names, { linkIndex: ifindex }).pipe(
    map((found) => found.flatMap(({ row }) => (isParent(row.parent) ? (filterOf(row, names) ?? []) : []))),
    map((found) => found.map(({ kind, priority, protocol, parent }) => `filter ${kind} priority ${priority} ${protocol} of ${parent}`)),
  );
  return forkJoin([classes, qdiscs, filters]).pipe(
    map((lists) => lists.flat()),
    // A link that disappears has nothing left.
    catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of([]) : throwError(() => error))),
  );
}
