import { catchError, map, mergeMap, of, throwError, type Observable } from 'rxjs';
import { isKernelError } from '../../errors/index.js';
import { Row } from '../common/written.js';
import type { TrafficFilter } from '../filters/traffic-filter.js';
import type { Link } from '../links/link.js';
import type { QdiscSpec } from '../qdiscs/qdisc.js';
import { madeClsact, redirection, throughLink, throughName } from './ingress.js';
import type { Change } from './run-changes.js';
import { all, deleted, ensureLink, ensureQdisc, removeQdisc, type Written } from './shape-changes.js';
import { leadsTo, leftover, ownThrough, type ShapeState, type ShapeTables } from './shape-state.js';
import { incoming, madeQdiscs } from './shape-tree.js';
import type { Shape } from './shape.js';

/** Returns the changes of the way of incoming packets. @internal */
export function incomingChanges(tables: ShapeTables, state: ShapeState, after: Shape): readonly Change[] {
  const own = ownThrough(state);
  const left = leftover(state);
  // The alias of a leftover does not describe the qdisc `clsact` of this link.
  const cleaning = left === undefined ? [] : [removal(tables, state, left)];
  if (after.in !== undefined) return [...cleaning, ...makingChanges(tables, state, own, after.in)];
  return own === undefined ? cleaning : removingChanges(tables, state, own);
}

/** The link first, the redirection last: no packet is sent to a link that is not ready. */
function makingChanges(tables: ShapeTables, state: ShapeState, own: Link | undefined, rate: number): readonly Change[] {
  const { link, filters, qdiscs } = state;
  const name = own?.name ?? throughName(link);
  const hasClsact = qdiscs.some(({ parent }) => parent === 'clsact');
  const spec = own === undefined ? throughLink(link, !hasClsact) : { ...own, up: true };
  const filter = filters.find((each) => leadsTo(each, name));
  const through: Change = {
    run: () => all([ensureLink(tables, spec), ensureQdisc(tables, incoming(name, rate))]),
    undo: () => (own === undefined ? tables.links.ensureAbsent(name) : restoreLink(tables, state, own)),
  };
  const clsact: Change = {
    run: () => ensureQdisc(tables, clsactOf(link)),
    undo: () => removeQdisc(tables, link.name, 'clsact'),
  };
  const redirect: Change = {
    run: () => redirected(tables, redirection(link, name)),
    undo: () => (filter === undefined ? tables.filters.ensureAbsent(redirection(link, name)) : redirected(tables, filter)),
  };
  return [through, ...(hasClsact ? [] : [clsact]), redirect];
}

/** The redirection first, the link last. */
function removingChanges(tables: ShapeTables, state: ShapeState, own: Link): readonly Change[] {
  const { link, filters, qdiscs } = state;
  const filter = filters.find((each) => leadsTo(each, own.name));
  const others = filters.filter((each) => each !== filter);
  const isClsactOwn = madeClsact(own) && others.length === 0 && qdiscs.some(({ kind }) => kind === 'clsact');
  const through = removal(tables, state, own);
  const clsact: Change = { run: () => removeUnused(tables, link), undo: () => ensureQdisc(tables, clsactOf(link)) };
  const changes = isClsactOwn ? [clsact, through] : [through];
  if (filter === undefined) return changes;
  return [{ run: () => removeRedirection(tables, filter, others), undo: () => redirected(tables, filter) }, ...changes];
}

/** Returns the deletion of a link for incoming packets. */
function removal(tables: ShapeTables, state: ShapeState, own: Link): Change {
  return {
    run: () => tables.links.ensureAbsent(own.name).pipe(map(() => [deleted('links', 'link', own.name)])),
    undo: () => restoreLink(tables, state, own),
  };
}

function clsactOf({ name }: Link): QdiscSpec {
  return { link: name, kind: 'clsact' };
}

/** Makes the link for incoming packets as it was. */
function restoreLink(tables: ShapeTables, { throughQdiscs }: ShapeState, own: Link): Written {
  return all([ensureLink(tables, own), ...madeQdiscs(throughQdiscs).map((qdisc) => ensureQdisc(tables, qdisc as QdiscSpec))]);
}

function redirected({ filters }: ShapeTables, filter: TrafficFilter | ReturnType<typeof redirection>): Written {
  return filters.ensure(filter, { recreate: true }).pipe(map(({ changed }) => changed));
}

/**
 * Deletes the redirection.
 *
 * After its last filter, the kernel keeps an empty priority of u32 if the qdisc has another one; so this deletes the priority.
 */
function removeRedirection({ clients, filters }: ShapeTables, filter: TrafficFilter, others: readonly TrafficFilter[]): Written {
  const { ifindex, parent, info, kind } = filter[Row];
  const isShared = others.some(({ priority }) => priority === filter.priority);
  const request = { ifindex, parent, info, handle: 0, kind };
  const removal: Observable<unknown> = isShared ? filters.ensureAbsent(filter) : clients.tc.do('deltfilter', request as never);
  return removal.pipe(
    map(() => [deleted('filters', 'filter', `${filter.kind} priority ${filter.priority} on ${filter.link} ${filter.parent}`)]),
    catchError((error: unknown) => (isKernelError(error, 'ENOENT') ? of([]) : throwError(() => error))),
  );
}

/** Deletes the qdisc `clsact`, unless another program has filters for outgoing packets there. */
function removeUnused(tables: ShapeTables, { name }: Link): Written {
  return tables.filters
    .list({ link: name, parent: 'egress' })
    .pipe(mergeMap((used) => (used.length > 0 ? of([]) : removeQdisc(tables, name, 'clsact'))));
}
