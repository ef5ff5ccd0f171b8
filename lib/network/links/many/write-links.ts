import { type Observable, concatMap, EMPTY, map, mergeMap, of, toArray } from 'rxjs';
import type { NewlinkRequest, rtLink } from '../../../families/rt-link.js';
import { LinkNames } from '../../names/link-names.js';
import { compare, ignoredChange } from '../../tables/compare.js';
import { linksOf, withLinkNames } from '../../tables/linked.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import type { Link } from '../link.js';
import { canBeTogether, type LinkWriter } from '../link-writer.js';
import type { Planned } from './divide.js';

/** The parts of the table of links that writing many of them needs. @internal */
export interface LinkSource {
  readonly client: ReturnType<typeof rtLink>;
  readonly writer: LinkWriter;
  readonly model: TableModel<Link>;
}

/** The result of each link; undefined if it has to be written alone. */
type Results = (boolean | undefined)[];

/** Creates links in few datagrams; with one reading of all links before it and one after it. @internal */
export function addLinks(source: LinkSource, planned: readonly Planned[]): Observable<Results> {
  return snapshotOf(source).pipe(
    mergeMap(({ names }) =>
      create(
        source,
        planned.map(({ wanted }) => wanted),
        names,
      ),
    ),
  );
}

/** Creates those links that do not exist. A link that differs is changed alone. @internal */
export function ensureLinks(source: LinkSource, planned: readonly Planned[]): Observable<Results> {
  return snapshotOf(source).pipe(
    mergeMap(({ names, byName }) => {
      const results: Results = planned.map(({ wanted }) => {
        const found = byName.get(wanted['name'] as string);
        if (found === undefined) return canBeTogether(wanted, true) ? true : undefined;
        return isRight(source, wanted, found, names) ? false : undefined;
      });
      const absent = [...results.keys()].filter((position) => results[position] === true);
      return create(
        source,
        absent.map((position) => planned[position]!.wanted),
        names,
      ).pipe(
        map((made) => {
          for (const [order, position] of absent.entries()) results[position] = made[order];
          return results;
        }),
      );
    }),
  );
}

/** Deletes links in few datagrams, after one reading. @param keys - The checked keys. @internal */
export function deleteLinks({ client, model }: LinkSource, keys: readonly Wanted[]): Observable<Results> {
  return snapshotOf({ model }).pipe(
    mergeMap(({ byName, byIndex }) => {
      const seen = new Set<number>();
      const indexes = keys.map(({ name, index }) => {
        const link = index === undefined ? byName.get(name as string) : byIndex.get(index as number);
        if (link === undefined || seen.has(link.index) || !isDeletable(model, link)) return undefined;
        seen.add(link.index);
        return link.index;
      });
      const requests = indexes.map((index) => (index === undefined ? [] : [{ ifiIndex: index }]));
      return send(client, 'dellink', requests).pipe(
        map((failed) => indexes.map((index, position) => (index === undefined || failed.has(position) ? undefined : true))),
      );
    }),
  );
}

interface Snapshot {
  readonly names: LinkNames;
  /** Alternative names included. */
  readonly byName: ReadonlyMap<string, Link>;
  readonly byIndex: ReadonlyMap<number, Link>;
}

function snapshotOf({ model }: Pick<LinkSource, 'model'>): Observable<Snapshot> {
  const names = new LinkNames();
  return model.read(names).pipe(
    map((links) => ({
      names,
      byName: new Map(links.flatMap((link) => [link.name, ...(link.altnames ?? [])].map((name) => [name, link] as const))),
      byIndex: new Map(links.map((link) => [link.index, link])),
    })),
  );
}

function isRight({ model }: LinkSource, wanted: Wanted, found: Link, names: LinkNames): boolean {
  return compare(withLinkNames(model, wanted, names), found, model.equal).size === 0;
}

function isDeletable(model: TableModel<Link>, link: Link): boolean {
  try {
    return model.remove(link).length > 0;
  } catch {
    return false;
  }
}

/** Creates links that do not depend on each other. A link of which a request fails, or whose options the kernel ignores, is deleted. */
function create(source: LinkSource, wanted: readonly Wanted[], names: LinkNames): Observable<Results> {
  const { client, model } = source;
  const requests = wanted.map((each) => requestsOf(source, each, names));
  const first = requests.map((each) => each.slice(0, 1));
  if (requests.every(({ length }) => length === 0)) return of(wanted.map(() => undefined));
  return send(client, 'newlink', first, { create: true, exclusive: true }).pipe(
    mergeMap((existing) => {
      const isMade = (position: number): boolean => requests[position]!.length > 0 && !existing.has(position);
      const rest = requests.map((each, position) => (isMade(position) ? each.slice(1) : []));
      return send(client, 'newlink', rest).pipe(
        mergeMap((failed) => snapshotOf(source).pipe(map(({ byName, names: now }) => ({ failed, byName, now })))),
        mergeMap(({ failed, byName, now }) => {
          const results = wanted.map((each, position): true | undefined => {
            const link = byName.get(each['name'] as string);
            if (!isMade(position) || failed.has(position) || link === undefined) return undefined;
            return ignoredChange(compare(withLinkNames(model, each, now), link, model.equal)) === undefined ? true : undefined;
          });
          const undone = wanted.map(({ name }, position) =>
            isMade(position) && results[position] === undefined ? [{ ifname: name as string }] : [],
          );
          return send(client, 'dellink', undone).pipe(map(() => results));
        }),
      );
    }),
  );
}

/** Returns the requests of a link; none if it names a link that does not exist, or is not valid. */
function requestsOf({ writer, model }: LinkSource, wanted: Wanted, names: LinkNames): readonly NewlinkRequest[] {
  const missing = linksOf(model, wanted).some((link) => names.indexOf(link) === undefined);
  try {
    // Checks the link, as the single verb does.
    model.create(wanted, names);
    return missing ? [] : writer.requests(wanted, names);
  } catch {
    return [];
  }
}

/** Sends requests in few datagrams. Emits the positions of the lists of which a request failed, once. */
function send(
  client: ReturnType<typeof rtLink>,
  op: 'newlink' | 'dellink',
  lists: readonly (readonly NewlinkRequest[])[],
  options: { readonly create?: true; readonly exclusive?: true } = {},
): Observable<ReadonlySet<number>> {
  const owners = lists.flatMap((list, position) => list.map(() => position));
  const steps = lists.flat().map((request) => ({ op, request, options }));
  const results = steps.length === 0 ? EMPTY : client.batch(steps as never);
  return results.pipe(
    concatMap((result) => ('error' in result ? [owners[result.index]!] : [])),
    toArray(),
    map((failed) => new Set(failed)),
  );
}
