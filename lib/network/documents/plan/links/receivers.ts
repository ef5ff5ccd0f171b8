import { FieldError } from '../../../common/field-error.js';
import { kinds } from '../../../links/kinds/kinds.js';
import type { Link } from '../../../links/link.js';
import type { ParsedLink } from '../../parse/parsed-document.js';
import type { PlannedChange } from '../planned-change.js';

/** Kinds of links that receive the packets of their parent (`netdev_rx_handler_register`). */
const UPPER: ReadonlySet<string | undefined> = new Set(['macvlan', 'macvtap', 'ipvlan', 'ipvtap', 'macsec']);

/** Kinds of masters that receive the packets of their ports in the same way. */
const MASTERS: ReadonlySet<string | undefined> = new Set(['bridge', 'bond', 'team']);

/** All kinds of links that take ports (`ndo_add_slave`). */
const WITH_PORTS: ReadonlySet<string | undefined> = new Set([...MASTERS, 'vrf', 'batadv', 'rmnet']);

const PORT_OPTIONS = [
  ['bridgePort', 'bridge'],
  ['bondPort', 'bond'],
] as const;

/** The properties of a link that matter, after the plan. */
interface Place {
  readonly kind: string | undefined;
  readonly parent: string | undefined;
  readonly master: string | undefined;
  readonly path?: string;
}

/**
 * Checks that a master takes its ports, and that the packets of a link have one receiver: the kernel rejects a second one (EBUSY).
 *
 * @param links - The links that the plan does not delete.
 * @param canonical - Returns the name of a link for an alternative name.
 * @throws FieldError `unsupported` if a link cannot be the port of its master; `conflict` if a link is the port of a master, and the parent of a link that receives its packets too.
 * @internal
 */
export function requireReceivers(
  links: readonly Link[],
  wanted: readonly ParsedLink[],
  found: ReadonlyMap<ParsedLink, Link>,
  canonical: (name: string) => string,
): void {
  const places = new Map(links.map(({ name, kind, parent, master }): [string, Place] => [name, { kind, parent, master }]));
  for (const link of wanted) {
    const name = found.get(link)?.name ?? link.name;
    const before = places.get(name);
    const { kind = before?.kind, parent = before?.parent, master = before?.master } = link.wanted as Partial<Place>;
    places.set(name, { kind, parent: parent && canonical(parent), master: master ? canonical(master) : undefined, path: link.path });
  }
  const upperOf = new Map<string, string[]>();
  for (const [name, { parent }] of places) if (parent !== undefined) upperOf.set(parent, [...(upperOf.get(parent) ?? []), name]);
  for (const link of wanted) requirePort(found.get(link)?.name ?? link.name, link, places, upperOf);
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

/** @throws FieldError if a master takes no such port. */
function requirePort(
  name: string,
  { path, wanted }: ParsedLink,
  places: ReadonlyMap<string, Place>,
  upperOf: ReadonlyMap<string, readonly string[]>,
): void {
  const { kind, master = '' } = places.get(name)!;
  const { kind: ofMaster } = places.get(master) ?? {};
  for (const [property, needed] of PORT_OPTIONS)
    if (wanted[property] !== undefined && (master === '' || (ofMaster !== undefined && ofMaster !== needed)))
      throw new FieldError(`${path}.${property}`, `the link has no master of kind '${needed}'; set master to one`);
  if (typeof wanted['master'] !== 'string') return;
  const refuse = (text: string): never => {
    throw new FieldError(`${path}.master`, `${name} cannot be a port of ${master}: ${text}`, 'unsupported');
  };
  if (master === 'lo' || (kinds.has(ofMaster ?? '') && !WITH_PORTS.has(ofMaster)))
    refuse('it takes no ports; a bridge, bond, team or vrf does');
  if (name === 'lo') refuse('the loopback link has no master');
  if (kind === ofMaster && (kind === 'bridge' || kind === 'vrf')) refuse(`both have kind '${kind}'; use a veth`);
  const above = new Set([master]);
  for (const lower of above) {
    for (const upper of [places.get(lower)?.master, ...(upperOf.get(lower) ?? [])]) if (upper !== undefined) above.add(upper);
  }
  if (above.has(name)) refuse(`it stands on ${master}`);
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
