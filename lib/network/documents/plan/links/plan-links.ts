import { FieldError } from '../../../common/field-error.js';
import type { Link } from '../../../links/link.js';
import { peerOf } from '../../../links/parts/remote-peer.js';
import { placeOf, unknownLink } from '../../../common/place-of.js';
import { linksOf, withLinkNames } from '../../../tables/linked.js';
import type { TableModel, Wanted } from '../../../tables/table-model.js';
import type { ParsedDocument, ParsedLink } from '../../parse/parsed-document.js';
import { goneLinks, withoutGone, withoutMaster } from './gone-links.js';
import { orderLinks } from './order-links.js';
import { mergedOf, planAdd, planAgain, planChange, planDelete } from '../plan-object.js';
import { planLater, planPeer } from './plan-peer.js';
import { makingWay, requireReceivers } from './receivers.js';
import { splitPortOptions } from './split-port-options.js';
import type { PlanContext, PlannedChange, State } from '../planned-change.js';

/** The changes of links, and what the rest of a plan needs to know of them. @internal */
export interface LinkPlan {
  readonly changes: readonly PlannedChange[];
  readonly deletions: readonly PlannedChange[];
  /** The state without the links that are created again, and without what is on them. */
  readonly left: State;
  /** The names of the links that are deleted or created again, and of those that go with them. */
  readonly gone: ReadonlySet<string>;
  /** Returns true for the name of a link that exists after the plan. */
  readonly isLink: (name: string) => boolean;
}

/** A link to delete. */
interface Deleted {
  readonly path: string;
  readonly object: Link;
}

/**
 * Plans the links of a document.
 *
 * @param found - The link of the kernel for each link of the document that has one.
 * @param state - The state with the names that links will have.
 * @internal
 */
export function planLinks(
  { models, made }: PlanContext,
  { links, owns }: ParsedDocument,
  found: ReadonlyMap<ParsedLink, Link>,
  state: State,
): LinkPlan {
  const model = models.links;
  const wantedOf = (link: ParsedLink): Wanted => withLinkNames(model, link.wanted, state.names);
  const place = (link: ParsedLink) => ({ model, path: link.path, phase: 'settings' as const, names: state.names });
  const present = links.filter(({ netns, absent }) => netns === undefined && !absent);
  for (const link of present) requireKind(link, found.get(link));

  const deleted = deletedLinks(links, owns.group, found, state);
  const recreated = present.flatMap((link) => {
    const object = found.get(link);
    return object !== undefined && planChange(place(link), object, wantedOf(link))?.action === 'recreate' ? [object] : [];
  });
  const again = goneLinks(state, recreated);
  const gone = goneLinks(state, [...deleted.map(({ object }) => object), ...recreated]);
  const left = withoutGone(models, state, again);

  const created = present.filter((link) => !found.has(link) || again.has(found.get(link)!.name));
  const peers = new Set([...made, ...peersOf(created)]);
  const isPortOf =
    (master: string) =>
    (port: string): boolean =>
      present.some(({ name, wanted }) => name === port && wanted['master'] === master);
  const isLink = linkTest(state, gone, present, peers);
  const kept = ((left.objects.links ?? []) as readonly Link[]).filter(({ name }) => !gone.has(name));
  requireReceivers(kept, present, found, state.names.canonical);
  const changes = present.flatMap((link): readonly PlannedChange[] => {
    const object = found.get(link);
    const wanted = wantedOf(link);
    requireLinks(link, linksOf(model, wanted), isLink);
    if (peers.has(link.name) && (object === undefined || again.has(object.name))) return [planPeer(model, link.path, wanted)];
    if (object === undefined) {
      requireFreeName(link, state);
      const { first, later } = splitPortOptions(wanted, isPortOf(link.name));
      const added = planAdd(place(link), { ...(owns.group !== undefined && { group: owns.group }), ...first });
      return [added, ...(later === undefined ? [] : [planLater(model, link.path, later)])];
    }
    if (again.has(object.name)) {
      const { first, later } = splitPortOptions(againOf(model, object, wanted, state), isPortOf(link.name));
      requireLinks(link, linksOf(model, first), isLink);
      return [planAgain(place(link), object, wanted, first), ...(later === undefined ? [] : [planLater(model, link.path, later)])];
    }
    if (gone.has(object.name))
      throw new FieldError(link.path, `link ${object.name} goes with another link that the document deletes`, 'conflict');
    return [planChange(place(link), currentOf(left, object), wanted) ?? []].flat();
  });
  const deletions = deleted
    // The peer of a deleted link goes with it.
    .filter(({ object }, index) => !deleted.slice(0, index).some((earlier) => isPeerOf(earlier.object, object)))
    .map(({ path, object }) => planDelete({ model, path, phase: 'delete' }, object));
  return {
    changes: orderLinks(model, changes),
    deletions: makingWay(deletions.reverse(), changes, (state.objects.links ?? []) as readonly Link[]),
    left,
    gone,
    isLink,
  };
}

/** Returns the links that shall not exist: those that the document names, and unlisted ones of the group that it owns. */
function deletedLinks(
  links: readonly ParsedLink[],
  group: number | undefined,
  found: ReadonlyMap<ParsedLink, Link>,
  state: State,
): readonly Deleted[] {
  const absent = links.flatMap((link) => (link.absent && found.has(link) ? [{ path: link.path, object: found.get(link)! }] : []));
  if (group === undefined) return absent;
  const listed = new Set([...found.values()].map(({ index }) => index));
  const present = [...found].flatMap(([link, object]) => (link.absent ? [] : [object]));
  const owned = ((state.objects.links ?? []) as readonly Link[]).filter(
    (link) => link.group === group && !listed.has(link.index) && !present.some((other) => isPeerOf(link, other)),
  );
  return [...absent, ...owned.map((object) => ({ path: '', object }))];
}

/** @throws FieldError if a link has another kind than the wanted one: the kernel would accept it silently. */
function requireKind({ path, name, wanted }: ParsedLink, object: Link | undefined): void {
  const { kind } = wanted as { readonly kind?: string };
  if (object === undefined || kind === undefined || kind === object.kind) return;
  const found = object.kind === undefined ? 'is the link of a driver' : `has kind ${object.kind}`;
  throw new FieldError(`${path}.kind`, `link ${name} ${found}, not ${kind}; delete it, or take another name`, 'conflict');
}

/** @throws FieldError if a new link would get a name that another link has. */
function requireFreeName({ path, name }: ParsedLink, { names }: State): void {
  if (names.indexOf(name) === undefined) return;
  throw new FieldError(`${path}.name`, `match selects no link, and another link has the name ${name}`, 'conflict');
}

/** Returns the peers, by name, that come to be with other links of the document. */
function peersOf(created: readonly ParsedLink[]): ReadonlySet<string> {
  const peers = new Set<string>();
  for (const { name, wanted } of created) {
    const peer = peerOf(wanted);
    if (peer !== undefined && peer.netns === undefined && !peers.has(name)) peers.add(peer.name);
  }
  return peers;
}

/** Returns a test for names of links that exist after the plan. */
function linkTest(
  { names }: State,
  gone: ReadonlySet<string>,
  present: readonly ParsedLink[],
  peers: ReadonlySet<string>,
): (name: string) => boolean {
  const altnames = present.flatMap(({ wanted }) => (wanted['altnames'] ?? []) as readonly string[]);
  const listed = new Set([...present.map(({ name }) => name), ...altnames, ...peers]);
  return (name) => {
    const found = names.nameOf(names.indexOf(name) ?? -1);
    return listed.has(name) || (found !== undefined && !gone.has(found));
  };
}

function requireLinks({ path, wanted }: ParsedLink, links: readonly string[], isLink: (name: string) => boolean): void {
  const unknown = links.find((name) => !isLink(name));
  if (unknown !== undefined) throw unknownLink(`${path}${placeOf(wanted, unknown) ?? ''}`, unknown);
}

/** Returns the properties of a link that is created again, without those that follow its parent. */
function againOf(model: TableModel<object>, object: Link, wanted: Wanted, { objects }: State): Wanted {
  // The settings of a port are those of its master.
  const leaves = wanted['master'] !== undefined && wanted['master'] !== object.master;
  const { mtu, mac, ...others } = mergedOf(model, leaves ? withoutMaster(object) : object, wanted);
  const parent = ((objects.links ?? []) as readonly Link[]).find(({ name }) => name === object.parent);
  const isKept = (name: 'mtu' | 'mac'): boolean =>
    object[name] !== undefined && (wanted[name] !== undefined || object[name] !== parent?.[name]);
  return { ...others, ...(isKept('mtu') && { mtu }), ...(isKept('mac') && { mac }) };
}

/** The link without a master that is deleted. */
function currentOf(left: State, { index }: Link): Link {
  return ((left.objects.links ?? []) as readonly Link[]).find((link) => link.index === index)!;
}

function isPeerOf({ name }: Link, { peer }: Link): boolean {
  return peer?.name === name && peer.netnsid === undefined;
}
