import { forkJoin, map, mergeMap, of, type Observable } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { NetworkError } from '../common/network-error.js';
import type { FilterFilter, FilterKey, FilterSpec, TrafficFilter } from '../filters/traffic-filter.js';
import type { Link } from '../links/link.js';
import type { LinkVerbs } from '../links/link-verbs.js';
import type { Qdisc, QdiscFilter, QdiscKey, QdiscSpec } from '../qdiscs/qdisc.js';
import type { Readers, Writers } from '../tables/verbs.js';
import { isMade, madeFor, PRIORITY, throughName } from './ingress.js';
import { limitsOf, madeQdiscs, outgoing } from './shape-tree.js';
import type { Shape } from './shape.js';

/** The tables that a shape needs. @internal */
export interface ShapeTables {
  readonly links: Pick<LinkVerbs, 'find' | 'ensure' | 'ensureAbsent'>;
  readonly qdiscs: Pick<Readers<Qdisc, QdiscKey, QdiscFilter> & Writers<Qdisc, QdiscSpec, QdiscKey>, 'list' | 'ensure' | 'ensureAbsent'>;
  readonly filters: Pick<
    Readers<TrafficFilter, FilterKey, FilterFilter> & Writers<TrafficFilter, FilterSpec, FilterKey>,
    'list' | 'ensure' | 'ensureAbsent'
  >;
  readonly clients: Pick<NetworkClients, 'tc'>;
}

/** The state of a link that matters to its shape. @internal */
export interface ShapeState {
  readonly link: Link;
  readonly qdiscs: readonly Qdisc[];
  /** The link for incoming packets; also one of another program, or of another link. */
  readonly through: Link | undefined;
  /** True if the incoming packets of another link pass through that link. */
  readonly isTaken: boolean;
  readonly throughQdiscs: readonly Qdisc[];
  /** The filters for incoming packets. */
  readonly filters: readonly TrafficFilter[];
}

/** Reads the state of a link. @internal */
export function readState({ links, qdiscs, filters }: ShapeTables, name: string): Observable<ShapeState> {
  return links.find(name).pipe(
    map((link) => {
      if (link !== undefined) return link;
      throw new FieldError('', 'it does not exist', 'missing');
    }),
    mergeMap((link) =>
      forkJoin({
        qdiscs: qdiscs.list({ link: link.name }),
        filters: filters.list({ link: link.name, parent: 'ingress' }),
      }).pipe(
        mergeMap((found) => {
          const target = targetOf(found.filters.find(({ priority }) => priority === PRIORITY));
          return findThrough({ links, qdiscs, filters }, link, target).pipe(map((through): ShapeState => ({ link, ...found, ...through })));
        }),
      ),
    ),
  );
}

/**
 * Finds the link for incoming packets: the one to which a filter leads, else the one of the name that a new one would have.
 *
 * A document that was exported in another network namespace makes it with the name that it has there.
 */
function findThrough(
  { links, qdiscs, filters }: Omit<ShapeTables, 'clients'>,
  link: Link,
  target: string | undefined,
): Observable<Pick<ShapeState, 'through' | 'throughQdiscs' | 'isTaken'>> {
  const ofFilter =
    target === undefined ? of(undefined) : links.find(target).pipe(map((found) => (found && isMade(found) ? found : undefined)));
  const named = ofFilter.pipe(mergeMap((found) => (found === undefined ? links.find(throughName(link)) : of(found))));
  return named.pipe(
    mergeMap((through) => {
      if (through === undefined) return of({ through, throughQdiscs: [], isTaken: false });
      const other = isMade(through) ? madeFor(through) : link.name;
      const ofOther =
        other === link.name || other === ''
          ? of([])
          : links
              .find(other)
              .pipe(mergeMap((found) => (found === undefined ? of([]) : filters.list({ link: found.name, parent: 'ingress' }))));
      return forkJoin({ throughQdiscs: qdiscs.list({ link: through.name }), ofOther }).pipe(
        map(({ throughQdiscs, ofOther }) => ({ through, throughQdiscs, isTaken: ofOther.some((filter) => leadsTo(filter, through.name)) })),
      );
    }),
  );
}

/** Returns the present limits, as far as this library made them. @internal */
export function shapeOf(state: ShapeState): Shape {
  const { qdiscs, throughQdiscs } = state;
  const rateIn = ownThrough(state) !== undefined ? limitsOf(madeQdiscs(throughQdiscs)).out : undefined;
  return { ...limitsOf(madeQdiscs(qdiscs)), ...(rateIn !== undefined && { in: rateIn }) };
}

/**
 * Returns the link for incoming packets, if this library made it for this link.
 *
 * The kernel gives the index of a deleted link to another one, and links are renamed. A filter disappears with its link: the one
 * that sends packets there shows that the two belong together.
 *
 * @internal
 */
export function ownThrough({ through, filters }: ShapeState): Link | undefined {
  if (through === undefined || !isMade(through)) return undefined;
  return filters.some((filter) => filter.priority === PRIORITY && leadsTo(filter, through.name)) ? through : undefined;
}

/** Returns the link for incoming packets that this library made for a link with the same index that has been deleted. @internal */
export function leftover(state: ShapeState): Link | undefined {
  const { through, isTaken } = state;
  return through !== undefined && !isTaken && isMade(through) && ownThrough(state) === undefined ? through : undefined;
}

/** Returns the name of the link to which a filter sends packets. */
function targetOf(filter: TrafficFilter | undefined): string | undefined {
  return filter?.actions?.flatMap((action) => ('link' in action ? action.link : []))[0];
}

/** Returns true if a filter sends packets to a link. @internal */
export function leadsTo({ actions = [] }: TrafficFilter, target: string): boolean {
  return actions.some((action) => 'link' in action && action.link === target);
}

/**
 * Checks that the places of a shape are free.
 *
 * @throws NetworkError if the link has a qdisc, a filter or a link of another program there.
 * @internal
 */
export function checkForeign(state: ShapeState, after: Shape, name: string): void {
  const { link, qdiscs, through, filters, isTaken } = state;
  const conflict = (text: string): never => {
    throw new NetworkError({ reason: 'conflict', verb: 'shape', subject: `link ${name}`, text });
  };
  const root = qdiscs.find(({ parent, byDefault }) => parent === 'root' && !byDefault);
  if (outgoing(link.name, after).length > 0 && root !== undefined && !madeQdiscs(qdiscs).includes(root))
    conflict(`it has a root qdisc of kind ${root.kind} with handle ${String(root.handle)}; delete that first`);
  if (after.in === undefined) return;
  if (through !== undefined && !isMade(through)) conflict(`a link named ${through.name} exists, which shape did not create; rename it`);
  const own = ownThrough(state);
  if (through !== undefined && own === undefined && isTaken)
    conflict(`the packets of ${madeFor(through)} pass through ${through.name}, whose name it needs; rename that link`);
  const other = filters.find((filter) => filter.priority === PRIORITY && (own === undefined || !leadsTo(filter, own.name)));
  if (other !== undefined) conflict(`it has a filter of kind ${other.kind} with priority ${PRIORITY}; give that another priority`);
}
