import { forkJoin, map, mergeMap, of, type Observable } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { NetworkError } from '../common/network-error.js';
import type { FilterFilter, FilterKey, FilterSpec, TrafficFilter } from '../filters/traffic-filter.js';
import type { Link } from '../links/link.js';
import type { LinkVerbs } from '../links/link-verbs.js';
import type { Qdisc, QdiscFilter, QdiscKey, QdiscSpec } from '../qdiscs/qdisc.js';
import type { Readers, Writers } from '../tables/verbs.js';
import { isMade, PRIORITY, throughName } from './ingress.js';
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
  /** The link for incoming packets; also one of another program. */
  readonly through: Link | undefined;
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
        through: links.find(throughName(link)),
      }).pipe(
        mergeMap((found) =>
          (found.through === undefined ? of([]) : qdiscs.list({ link: found.through.name })).pipe(
            map((throughQdiscs): ShapeState => ({ link, ...found, throughQdiscs })),
          ),
        ),
      ),
    ),
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
export function ownThrough({ link, through, filters }: ShapeState): Link | undefined {
  if (through === undefined || !isMade(through)) return undefined;
  return filters.some((filter) => filter.priority === PRIORITY && leadsTo(filter, throughName(link))) ? through : undefined;
}

/** Returns the link for incoming packets that this library made for a link with the same index that has been deleted. @internal */
export function leftover(state: ShapeState): Link | undefined {
  const { through } = state;
  return through !== undefined && isMade(through) && ownThrough(state) === undefined ? through : undefined;
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
export function checkForeign({ link, qdiscs, through, filters }: ShapeState, after: Shape, name: string): void {
  const conflict = (text: string): never => {
    throw new NetworkError({ reason: 'conflict', verb: 'shape', subject: `link ${name}`, text });
  };
  const root = qdiscs.find(({ parent, byDefault }) => parent === 'root' && !byDefault);
  if (outgoing(link.name, after).length > 0 && root !== undefined && !madeQdiscs(qdiscs).includes(root))
    conflict(`it has a root qdisc of kind ${root.kind} with handle ${String(root.handle)}; delete that first`);
  if (after.in === undefined) return;
  if (through !== undefined && !isMade(through)) conflict(`a link named ${through.name} exists, which shape did not create; rename it`);
  const other = filters.find((filter) => filter.priority === PRIORITY && !leadsTo(filter, throughName(link)));
  if (other !== undefined) conflict(`it has a filter of kind ${other.kind} with priority ${PRIORITY}; give that another priority`);
}
