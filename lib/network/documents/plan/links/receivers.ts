import { FieldError } from '../../../common/field-error.js';
import type { Link } from '../../../links/link.js';
import type { ParsedLink } from '../../parse/parsed-document.js';
import type { PlannedChange } from '../planned-change.js';

/** Kinds of links that receive the packets of their parent (`netdev_rx_handler_register`). */
const UPPER: ReadonlySet<string | undefined> = new Set(['macvlan', 'macvtap', 'ipvlan', 'ipvtap', 'macsec']);

/** Kinds of masters that receive the packets of their ports in the same way. */
const MASTERS: ReadonlySet<string | undefined> = new Set(['bridge', 'bond', 'team']);

/** The properties of a link that matter, after the plan. */
interface Place {
  readonly kind: string | undefined;
  readonly parent: string | undefined;
  readonly master: string | undefined;
  readonly path?: string;
}

/**
 * Checks that the packets of a link have one receiver: the kernel rejects a second one (EBUSY).
 *
 * @param links - The links that the plan does not delete.
 * @throws FieldError `conflict` if a link is the port of a master, and the parent of a link that receives its packets too.
 * @internal
 */
export function requireOneReceiver(links: readonly Link[], wanted: readonly ParsedLink[], found: ReadonlyMap<ParsedLink, Link>): void {
  const places = new Map(links.map(({ name, kind, parent, master }): [string, Place] => [name, { kind, parent, master }]));
  for (const link of wanted) {
    const name = found.get(link)?.name ?? link.name;
    const before = places.get(name);
    const { kind = before?.kind, parent = before?.parent, master = before?.master } = link.wanted as Partial<Place>;
    places.set(name, { kind, parent, master: master ?? undefined, path: link.path });
  }
  for (const [name, { kind, parent = '', path }] of places) {
    const lower = UPPER.has(kind) ? places.get(parent) : undefined;
    const master = lower?.master;
    if (master === undefined || !MASTERS.has(places.get(master)?.kind)) continue;
    const place = path === undefined ? (lower?.path === undefined ? '' : `${lower.path}.master`) : `${path}.parent`;
    if (place === '') continue;
    const text = `${name} and ${master} cannot both receive the packets of link ${parent}`;
    throw new FieldError(place, `${text}: it is the parent of ${name}, and a port of ${master}`, 'conflict');
  }
}

/**
 * Returns deletions of links. Those come first that make way for another receiver of the packets of a link.
 *
 * @param links - All links before the changes.
 * @internal
 */
export function makingWay(
  deletions: readonly PlannedChange[],
  changes: readonly PlannedChange[],
  links: readonly Link[],
): readonly PlannedChange[] {
  const own = changes.filter(({ table }) => table === 'links');
  const ports = new Set(
    own.flatMap(({ before, changes: changed }) =>
      typeof changed?.get('master')?.to === 'string' ? [(before as Link | undefined)?.name] : [],
    ),
  );
  const parents = new Set(own.flatMap(({ wanted = {} }) => (UPPER.has(wanted['kind'] as string | undefined) ? [wanted['parent']] : [])));
  return deletions.map((change) => {
    const { kind, parent, name } = change.before as Link;
    const hasParent = MASTERS.has(kind) && links.some((link) => link.master === name && parents.has(link.name));
    return hasParent || (UPPER.has(kind) && ports.has(parent)) ? { ...change, phase: 'clear' } : change;
  });
}
