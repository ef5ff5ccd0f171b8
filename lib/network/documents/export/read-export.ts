import { type Observable, catchError, forkJoin, map, mergeMap, of, throwError } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import type { NetworkClients } from '../../clients.js';
import type { Link } from '../../links/link.js';
import { addParts } from '../../links/parts/link-parts.js';
import { LinkNames } from '../../names/link-names.js';
import type { DocumentModels, DocumentTable, State } from '../plan/planned-change.js';
import type { ExportTable } from './export.js';

/** The tables of a document besides the links. */
const TABLES: readonly Exclude<ExportTable, 'links' | 'firewall'>[] = [
  'addresses',
  'neighbours',
  'fdb',
  'routes',
  'rules',
  'nexthops',
  'qdiscs',
];

/** Reads the tables that an export needs, each once. @internal */
export function readForExport(
  clients: NetworkClients,
  models: DocumentModels,
  only: readonly ExportTable[] | undefined,
): Observable<State> {
  const has = (table: ExportTable): boolean => only === undefined || only.includes(table);
  const tables = TABLES.filter(has).flatMap((table): readonly DocumentTable[] =>
    table === 'qdiscs' ? ['qdiscs', 'classes', 'filters'] : [table],
  );
  const names = new LinkNames();
  return models.links.read(names).pipe(
    mergeMap((links) => withParts(clients, links as readonly Link[], has('links'))),
    mergeMap((links) =>
      (tables.length === 0
        ? of([])
        : forkJoin(tables.map((table) => models[table].read(names).pipe(ifSupported<readonly object[]>([]))))
      ).pipe(
        map((objects) => ({
          names,
          vrfTables: new Map<string, number>(),
          objects: { links, ...Object.fromEntries(objects.map((list, index) => [tables[index]!, list] as const)) },
        })),
      ),
    ),
  );
}

/** Adds the parts that a dump of links lacks. */
function withParts(clients: NetworkClients, links: readonly Link[], isWanted: boolean): Observable<readonly Link[]> {
  if (!isWanted) return of(links);
  const has = (kind: string): boolean => links.some((link) => link.kind === kind);
  const vlans = has('bridge') ? addParts(clients, links, ['vlans']).pipe(ifSupported(links)) : of(links);
  return vlans.pipe(mergeMap((found) => (has('wireguard') ? addParts(clients, found, ['wireguard']) : of(found))));
}

/** A table that the kernel does not support is empty. */
function ifSupported<T>(nothing: T): (source: Observable<T>) => Observable<T> {
  return catchError((error: unknown) => (isKernelError(error, 'EOPNOTSUPP') ? of(nothing) : throwError(() => error)));
}
