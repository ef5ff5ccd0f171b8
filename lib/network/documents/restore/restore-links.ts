import { catchError, concat, concatMap, defer, EMPTY, from, ignoreElements, type Observable } from 'rxjs';
import type { Link } from '../../links/link.js';
import { normalise } from '../../fields/shape.js';
import type { LinkNames } from '../../names/link-names.js';
import { compare, type Change } from '../../tables/compare.js';
import { linksOf } from '../../tables/linked.js';
import { step, type Step } from '../../tables/step.js';
import type { Wanted } from '../../tables/table-model.js';
import type { Site } from '../site.js';

/** Properties that the kernel derives from ports and parents, as long as nothing has set them. */
const DERIVED: readonly string[] = ['mac', 'mtu'];

/** A link to create. */
interface NewLink {
  readonly link: Link;
  /** All its properties, and its index: it gets the same again. */
  readonly wanted: Wanted;
  /** The properties that the kernel accepts at the creation only. */
  readonly bare: Wanted;
}

/** The way from the links of now to those of before. @internal */
export interface LinkChanges {
  readonly removed: readonly Link[];
  readonly added: readonly Link[];
  readonly changed: readonly LinkChange[];
}

/** A link that differs from the one of before. */
interface LinkChange {
  readonly before: Link;
  readonly now: Link;
  /** All properties of before; `null` removes one. */
  readonly wanted: Wanted;
  /** The properties that differ, with the way from before to now. */
  readonly differences: ReadonlyMap<string, Change>;
}

/**
 * Compares the links with those of before.
 *
 * @param isOwn - Returns true for a link that the plan has created.
 * @param all - True to compare properties too that the kernel derives from other links.
 * @internal
 */
export function linkChanges(
  { models: { links: model } }: Site,
  before: readonly Link[],
  now: readonly Link[],
  isOwn: (link: Link) => boolean,
  all: boolean,
): LinkChanges {
  const found = new Map(now.map((link) => [link.index, link]));
  const same = (link: Link): Link | undefined => {
    const other = found.get(link.index);
    return other?.kind === link.kind ? other : undefined;
  };
  const kept = new Set(before.map(same));
  const changed = before.flatMap((link) => {
    const other = same(link);
    if (other === undefined) return [];
    const wanted = wantedOf(model.shape, link, other);
    const changes = [...compare(wanted, other, { ...model.equal, name: (one, two) => one === two })];
    const differences = new Map(
      changes.filter(([path]) => all || !DERIVED.includes(path)).map(([path, { from, to }]) => [path, { from: to, to: from }]),
    );
    return differences.size === 0 ? [] : [{ before: link, now: other, wanted, differences }];
  });
  return {
    removed: now.filter((link) => !kept.has(link) && isOwn(link)).reverse(),
    added: before.filter((link) => same(link) === undefined),
    changed,
  };
}

/** Writes the links back: deletes, creates with the same index, then changes. Failures are left to the next comparison. @internal */
export function restoreLinks(
  site: Site,
  { removed, added, changed }: LinkChanges,
  names: LinkNames,
  send: (steps: readonly Step[]) => Observable<never>,
): Observable<never> {
  const { models, clients } = site;
  const model = models.links;
  // The last comparison reports what is left after a failure.
  const attempt = (steps: () => readonly Step[], otherwise: Observable<never> = EMPTY): Observable<never> =>
    defer(() => send(steps())).pipe(catchError(() => otherwise));
  const rename = (index: number, ifname: string): Step => step(clients.link, 'newlink', { ifiIndex: index, ifname });
  const named = changed.filter(({ differences }) => differences.has('name'));
  return concat(
    from(removed).pipe(concatMap((link) => attempt(() => model.remove(link)))),
    // Names may be exchanged: all of them are free before one is given.
    from(named).pipe(concatMap(({ now }) => attempt(() => [rename(now.index, `rxnl-${now.index}`)]))),
    from(named).pipe(concatMap(({ before: { index, name } }) => attempt(() => [rename(index, name)]))),
    defer(() => {
      for (const { before } of named) names.add({ ifiIndex: before.index, ifname: before.name });
      return from(inOrder(site, added, names)).pipe(
        concatMap(({ wanted, bare }) =>
          // The kernel may reject a setting that it reported; the next comparison writes the others.
          attempt(
            () => model.create(wanted, names),
            attempt(() => model.create(bare, names)),
          ),
        ),
      );
    }),
    from(changed).pipe(
      concatMap(({ now, wanted, differences }) => {
        const others = [...differences.keys()].filter((path) => path !== 'name');
        if (others.length === 0) return EMPTY;
        return attempt(() => {
          const update = model.update(now, wanted, [...new Set(others.map((path) => path.split('.')[0]!))], names, others);
          return 'recreate' in update ? [] : update.steps;
        });
      }),
    ),
  ).pipe(ignoreElements());
}

/** Returns links so that those which others name come first; of a pair, one end makes the other. */
function inOrder({ models: { links: model } }: Site, added: readonly Link[], names: LinkNames): readonly NewLink[] {
  const waiting = added.map((link): NewLink => newLink(model.shape, link, added));
  const ordered: NewLink[] = [];
  while (waiting.length > 0) {
    const position = waiting.findIndex(({ wanted }) => linksOf(model, wanted).every((name) => names.indexOf(name) !== undefined));
    const [next] = waiting.splice(Math.max(position, 0), 1) as [NewLink];
    const { index, name, kind, peer } = next.link;
    names.add({ ifiIndex: index, ifname: name });
    ordered.push(next);
    const other = kind === undefined ? -1 : waiting.findIndex(({ link }) => link.index === peer?.index);
    if (other < 0) continue;
    const [{ link }] = waiting.splice(other, 1) as [NewLink];
    names.add({ ifiIndex: link.index, ifname: link.name });
  }
  return ordered;
}

function newLink(shape: Site['models']['links']['shape'], link: Link, added: readonly Link[]): NewLink {
  const { index, peer } = link;
  const wanted: Record<string, unknown> = { ...normalise(shape, link), index };
  const kind = link.kind!;
  const other = peer?.name === undefined ? undefined : added.find((each) => each.index === peer.index);
  if (other !== undefined) wanted[kind] = { ...(wanted[kind] as object), peer: { name: other.name, index: other.index } };
  const fixed = ['name', 'index', 'kind', 'parent', 'mac', 'txQueues', 'rxQueues', 'options', kind];
  return { link, wanted, bare: Object.fromEntries(Object.entries(wanted).filter(([name]) => fixed.includes(name))) };
}

/** Returns a link of before as a wanted one, where `null` removes what it has now. */
function wantedOf(shape: Site['models']['links']['shape'], before: Link, now: Link): Wanted {
  const wanted = normalise(shape, before) as Record<string, unknown>;
  const has = (link: Link, name: string): boolean => (link as unknown as Record<string, unknown>)[name] !== undefined;
  for (const name of shape.nullable ?? []) if (!has(before, name) && has(now, name)) wanted[name] = null;
  for (const name of ['altnames', 'vlans']) if (!has(before, name) && has(now, name)) wanted[name] = [];
  return wanted;
}
