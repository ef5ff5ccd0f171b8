import { FieldError } from '../../common/field-error.js';
import { shown } from '../../fields/check.js';
import { joined } from '../../common/joined.js';
import { each, type Work } from '../../common/slices.js';
import { lengthOfKind, requireLength } from '../../neighbours/neighbour-mac.js';
import { peerOf } from '../../links/parts/remote-peer.js';
import { linksOf } from '../../tables/linked.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import type { ParsedDocument, ParsedLink } from './parsed-document.js';

/** Checks that the links of a document do not contradict each other, nor the objects on them. @throws FieldError @internal */
export function* checkLinks(model: TableModel<object>, { links, objects }: ParsedDocument): Work<void> {
  requireUniqueNames(links);
  requireUniqueMatches(links);
  yield* checkAbsent(model, links, objects);
  refuseCycles(links);
  checkPeers(links);
  checkNeighbours(links);
}

/** @throws FieldError if a link or an object needs a link that the document deletes. */
function* checkAbsent(model: TableModel<object>, links: readonly ParsedLink[], objects: ParsedDocument['objects']): Work<void> {
  const absent = new Map(links.filter((link) => link.absent).map(({ name, path }) => [name, path]));
  if (absent.size === 0) return;
  const refuse = (path: string, name: string): void => {
    const place = absent.get(name);
    if (place !== undefined) throw new FieldError(path, `the document deletes link ${name}, at ${place}`, 'conflict');
  };
  for (const { path, wanted } of links) {
    for (const name of ['master', 'parent'] as const) if (typeof wanted[name] === 'string') refuse(`${path}.${name}`, wanted[name]);
    for (const name of linksOf(model, wanted)) refuse(path, name);
  }
  yield* each(joined(Object.values(objects)), ({ path, wanted, absent: isAbsent }) => {
    if (isAbsent) return;
    const { link, hops = [] } = wanted as { readonly link?: string; readonly hops?: readonly { readonly link?: string }[] };
    if (link !== undefined) refuse(`${path}.link`, link);
    for (const [index, hop] of hops.entries()) if (hop.link !== undefined) refuse(`${path}.hops[${index}].link`, hop.link);
  });
}

function namesOf({ name, wanted }: Pick<ParsedLink, 'name' | 'wanted'>): readonly string[] {
  return [name, ...((wanted['altnames'] ?? []) as readonly string[])];
}

function requireUniqueNames(links: readonly ParsedLink[]): void {
  const seen = new Map<string, string>();
  for (const { path, name, wanted, netns } of links) {
    for (const [index, each] of namesOf({ name, wanted }).entries()) {
      const key = `${JSON.stringify(netns ?? null)} ${each}`;
      const place = index === 0 ? `${path}.name` : `${path}.altnames[${index - 1}]`;
      const earlier = seen.get(key);
      if (earlier !== undefined) throw new FieldError(place, `'${each}' is a name of another link already, at ${earlier}`, 'conflict');
      seen.set(key, place);
    }
  }
}

function requireUniqueMatches(links: readonly ParsedLink[]): void {
  const seen = new Map<string, string>();
  for (const { path, match } of links) {
    if (match === undefined) continue;
    const key = JSON.stringify(Object.entries(match).sort());
    const earlier = seen.get(key);
    if (earlier !== undefined) throw new FieldError(`${path}.match`, `selects the same link as ${earlier}.match`, 'conflict');
    seen.set(key, path);
  }
}

/** Checks what `plan` cannot check by the address of a link that does not exist yet. @throws FieldError */
function checkNeighbours(links: readonly ParsedLink[]): void {
  for (const { name, wanted: link, lists } of links)
    for (const { path, wanted } of lists.neighbours ?? [])
      if (typeof wanted['mac'] === 'string') requireLength(`${path}.mac`, wanted['mac'], lengthOfKind(link['kind']), name);
}

/** @throws FieldError if a link is its own master or parent, over any number of links. */
function refuseCycles(links: readonly ParsedLink[]): void {
  const byName = new Map(links.filter(({ netns }) => netns === undefined).flatMap((link) => namesOf(link).map((name) => [name, link])));
  for (const property of ['master', 'parent'] as const) {
    for (const { path, name } of links) {
      const way = [name];
      for (let next = upper(byName.get(name)?.wanted, property); next !== undefined; next = upper(byName.get(next)?.wanted, property)) {
        way.push(next);
        if (byName.get(next)?.name === name)
          throw new FieldError(`${path}.${property}`, `the links are ${property}s of each other: ${way.join(' -> ')}`, 'conflict');
        if (way.length > links.length) break;
      }
    }
  }
}

function upper(wanted: Wanted | undefined, property: 'master' | 'parent'): string | undefined {
  const value = wanted?.[property];
  return typeof value === 'string' ? value : undefined;
}

/** @throws FieldError if the ends of a pair do not agree. */
function checkPeers(links: readonly ParsedLink[]): void {
  const byName = new Map(links.filter(({ netns, absent }) => netns === undefined && !absent).map((link) => [link.name, link]));
  const ownerOf = new Map<string, ParsedLink>();
  for (const link of byName.values()) {
    const peer = peerOf(link.wanted);
    if (peer === undefined || peer.netns !== undefined) continue;
    const place = `${link.path}.${link.wanted['kind'] as string}.peer.name`;
    const owner = ownerOf.get(peer.name);
    if (owner !== undefined)
      throw new FieldError(place, `link ${peer.name} is the peer of ${owner.name} already, at ${owner.path}`, 'conflict');
    ownerOf.set(peer.name, link);
    const other = byName.get(peer.name);
    if (other !== undefined) requireEnd(link, other);
  }
}

function requireEnd({ name, path, wanted }: ParsedLink, other: ParsedLink): void {
  const { kind } = wanted as { readonly kind: string };
  const { kind: otherKind } = other.wanted as { readonly kind?: string };
  const end = `the link is the peer of ${name}`;
  if (otherKind !== undefined && otherKind !== kind)
    throw new FieldError(`${other.path}.kind`, `is ${otherKind}, and ${end}, which has kind ${kind}, at ${path}`, 'conflict');
  const peer = peerOf(wanted)!;
  for (const property of ['mac', 'mtu', 'up'] as const) {
    const [one, two] = [peer[property], other.wanted[property]];
    if (one === undefined || two === undefined || one === two) continue;
    const text = `is ${shown(two)}, and ${end}, whose peer.${property} is ${shown(one)}, at ${path}; write it once`;
    throw new FieldError(`${other.path}.${property}`, text, 'conflict');
  }
  const back = peerOf(other.wanted);
  if (back !== undefined && back.netns === undefined && back.name !== name)
    throw new FieldError(`${other.path}.${otherKind}.peer.name`, `is ${back.name}, and ${end}, at ${path}`, 'conflict');
}
