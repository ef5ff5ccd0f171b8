import { FieldError } from '../../common/field-error.js';
import type { Link } from '../../links/link.js';
import { peerOf } from '../../links/parts/remote-peer.js';
import { linksOf, withLinkNames } from '../../tables/linked.js';
import type { Wanted } from '../../tables/table-model.js';
import type { ParsedDocument, ParsedLink } from '../parse/parsed-document.js';
import { goneLinks, withoutGone } from './gone-links.js';
import { orderLinks } from './order-links.js';
import { planAdd, planAgain, planChange, planDelete } from './plan-object.js';
import { planPeer } from './plan-peer.js';
import type { DocumentModels, PlannedChange, State } from './planned-change.js';

/** The changes of links, and what the rest of a plan needs to know of them. @internal */
export interface LinkPlan {
  readonly changes: readonly PlannedChange[];
  readonly deletions: readonly PlannedChange[];
  /** The state without the links that are deleted, also to be created again, and without what is on them. */
  readonly left: State;
  /** Returns true for the name of a link that exists after the plan. */
  readonly isLink: (name: string) => boolean;
}

/**
 * Plans the links of a document.
 *
 * @param found - The link of the kernel for each link of the document that has one.
 * @param state - The state with the names that links will have.
 * @internal
 */
export function planLinks(
  models: DocumentModels,
  { links, owns }: ParsedDocument,
  found: ReadonlyMap<ParsedLink, Link>,
  state: State,
): LinkPlan {
  const model = models.links;
  const wantedOf = (link: ParsedLink): Wanted => withLinkNames(model, link.wanted, state.names);
  const here = links.filter(({ netns }) => netns === undefined);
  const place = (link: ParsedLink) => ({ model, path: link.path, phase: 'settings' as const, names: state.names });

  const absent = here.filter((link) => link.absent && found.has(link));
  const present = here.filter((link) => !link.absent);
  for (const link of present) requireKind(link, found.get(link));
  const owned = owns.group === undefined ? [] : unlistedOf(state, owns.group, new Set(found.values()));
  const recreated = present.filter((link) => {
    const object = found.get(link);
    return object !== undefined && planChange(place(link), object, wantedOf(link))?.action === 'recreate';
  });
  const deleted = [
    ...absent.map((link) => ({ path: link.path, object: found.get(link)! })),
    ...owned.map((object) => ({ path: '', object })),
  ];
  const gone = goneLinks(state, [...deleted.map(({ object }) => object), ...recreated.map((link) => found.get(link)!)]);
  const left = withoutGone(models, state, gone);

  const created = present.filter((link) => !found.has(link) || gone.has(found.get(link)!.name));
  const peers = peersOf(created);
  const isLink = linkTest(left, present, peers);
  const changes = present.flatMap((link): readonly PlannedChange[] => {
    const object = found.get(link);
    const wanted = wantedOf(link);
    requireLinks(link, linksOf(model, wanted), isLink);
    if (peers.has(link.name)) return [planPeer(model, link.path, wanted)];
    if (object === undefined) return [planAdd(place(link), { ...(owns.group !== undefined && { group: owns.group }), ...wanted })];
    if (gone.has(object.name)) return [planAgain(place(link), object, wanted)];
    return [planChange(place(link), currentOf(left, object), wanted) ?? []].flat();
  });
  const deletions = deleted
    .filter(({ object }, index) => !deleted.slice(0, index).some((earlier) => isPeerOf(earlier.object, object)))
    .map(({ path, object }) => planDelete({ model, path, phase: 'delete' }, object));
  return { changes: orderLinks(model, changes), deletions, left, isLink };
}

/** @throws FieldError if a link has another kind than the wanted one: the kernel would accept it silently. */
function requireKind({ path, name, wanted }: ParsedLink, object: Link | undefined): void {
  const { kind } = wanted as { readonly kind?: string };
  if (object === undefined || kind === undefined || kind === object.kind) return;
  const found = object.kind === undefined ? 'is the link of a driver' : `has kind ${object.kind}`;
  throw new FieldError(`${path}.kind`, `link ${name} ${found}, not ${kind}; delete it, or take another name`, 'conflict');
}

/** Returns the links of an owned group that the document does not list. */
function unlistedOf(state: State, group: number, listed: ReadonlySet<Link>): readonly Link[] {
  const indexes = new Set([...listed].map(({ index }) => index));
  return ((state.objects.links ?? []) as readonly Link[]).filter((link) => link.group === group && !indexes.has(link.index));
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

function linkTest(left: State, present: readonly ParsedLink[], peers: ReadonlySet<string>): (name: string) => boolean {
  const altnames = present.flatMap(({ wanted }) => (wanted['altnames'] ?? []) as readonly string[]);
  const names = new Set([...present.map(({ name }) => name), ...altnames, ...peers]);
  return (name) => names.has(name) || left.names.indexOf(name) !== undefined;
}

function requireLinks({ path, wanted }: ParsedLink, links: readonly string[], isLink: (name: string) => boolean): void {
  const unknown = links.find((name) => !isLink(name));
  if (unknown === undefined) return;
  const property = ['master', 'parent'].find((name) => wanted[name] === unknown);
  const place = property === undefined ? path : `${path}.${property}`;
  throw new FieldError(place, `no link is named '${unknown}', and the document creates none`, 'unknown-name');
}

/** The link without a master that is deleted. */
function currentOf(left: State, { index }: Link): Link {
  return ((left.objects.links ?? []) as readonly Link[]).find((link) => link.index === index)!;
}

function isPeerOf({ name }: Link, { peer }: Link): boolean {
  return peer?.name === name && peer.netnsid === undefined;
}
