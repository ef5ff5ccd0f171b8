import { type Observable, catchError, forkJoin, map, mergeMap, of, throwError } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import { FieldError } from '../../common/field-error.js';
import { openingReason } from '../../common/translate-error.js';
import type { Link } from '../../links/link.js';
import { withPeerElsewhere } from '../../links/parts/remote-peer.js';
import { LinkNames } from '../../names/link-names.js';
import type { Wanted } from '../../tables/table-model.js';
import type { ParsedDocument, ParsedLink } from '../parse/parsed-document.js';
import { located } from '../parse/path.js';
import type { DocumentModels, DocumentTable, State } from '../plan/planned-change.js';
import { matchLinks } from './match-links.js';

/** Keys with which a table is read completely: neighbours that need no ARP are read only if they are asked for. */
const KEYS: Readonly<Partial<Record<DocumentTable, Wanted>>> = { neighbours: { state: 'noarp' } };

/** Reads the tables that a document needs, each once. @internal */
export function readState(models: DocumentModels, parsed: ParsedDocument): Observable<State> {
  const names = new LinkNames();
  return models.links.read(names).pipe(
    mergeMap((links) => withParts(models, parsed.links, links as readonly Link[])),
    mergeMap((links) =>
      forkJoin(
        tablesOf(parsed).map((table) =>
          readTable(models, table, names).pipe(map((objects): [DocumentTable, readonly object[]] => [table, objects])),
        ),
      ).pipe(
        map((tables) => ({
          names,
          vrfTables: vrfTablesOf(links),
          objects: { links, ...Object.fromEntries(tables) },
        })),
      ),
    ),
  );
}

/** @throws FieldError `unsupported` as the error signal, if the kernel has no such table. */
function readTable(models: DocumentModels, table: DocumentTable, names: LinkNames): Observable<readonly object[]> {
  return models[table].read(names, KEYS[table]).pipe(
    catchError((error: unknown) => {
      if (!isKernelError(error, 'EOPNOTSUPP')) throw error;
      throw new FieldError(table, `this kernel has no ${table}`, 'unsupported');
    }),
  );
}

/** Returns the state of a new namespace. @internal */
export function emptyState(parsed: ParsedDocument): State {
  const tables = ['links', ...tablesOf(parsed)] as const;
  return { names: new LinkNames(), vrfTables: new Map(), objects: Object.fromEntries(tables.map((table) => [table, []])) };
}

/** Returns the tables to read besides the links. Effects need addresses and routes. */
function tablesOf({ links, objects }: ParsedDocument): readonly DocumentTable[] {
  const has = (table: 'neighbours' | 'fdb'): boolean => links.some(({ lists }) => lists[table] !== undefined);
  const usesNexthops = objects.nexthops !== undefined || objects.routes?.some(({ wanted }) => wanted['nexthop'] !== undefined) === true;
  const shapes = links.some(({ traffic }) => Object.keys(traffic).length > 0);
  return [
    'addresses',
    'routes',
    ...(objects.rules === undefined ? [] : (['rules'] as const)),
    ...(usesNexthops ? (['nexthops'] as const) : []),
    ...(has('neighbours') ? (['neighbours'] as const) : []),
    ...(has('fdb') ? (['fdb'] as const) : []),
    ...(shapes ? (['qdiscs', 'classes', 'filters'] as const) : []),
  ];
}

/** Adds the parts of links that the document wants and the dump lacks: VLANs, virtual functions, peers. */
function withParts(models: DocumentModels, wanted: readonly ParsedLink[], links: readonly Link[]): Observable<readonly Link[]> {
  const found = matchLinks(wanted, links);
  const parts = wanted.flatMap((link) => {
    const object = found.get(link);
    return object === undefined || link.absent || link.netns !== undefined ? [] : [[object, link] as const];
  });
  if (parts.length === 0) return of(links);
  return forkJoin(parts.map(([object, link]) => completeLink(models, object, link))).pipe(
    map((complete) => {
      const byIndex = new Map(
        (complete as readonly (Link | undefined)[]).flatMap((link) => (link === undefined ? [] : [[link.index, link]])),
      );
      return links.map((link) => byIndex.get(link.index) ?? link);
    }),
  );
}

/** A pair whose peer shall be in a namespace that does not exist yet has its peer in another one, which may be about to be deleted. */
function completeLink({ links }: DocumentModels, link: Link, { wanted, path }: ParsedLink): Observable<object | undefined> {
  return links.withParts!(link, wanted).pipe(
    catchError((error: unknown) => {
      // A transport of the caller reports namespaces that it cannot open in its own way.
      const reason = error instanceof FieldError ? error.reason : openingReason(error);
      return reason === 'missing' ? of(withPeerElsewhere(link, wanted)) : throwError(() => located(path, error));
    }),
  );
}

function vrfTablesOf(links: readonly Link[]): ReadonlyMap<string, number> {
  return new Map(
    links.flatMap(({ name, altnames = [], ...link }) => {
      const { table } = ('vrf' in link ? link.vrf : undefined) ?? {};
      return table === undefined ? [] : [name, ...altnames].map((each) => [each, table] as const);
    }),
  );
}
