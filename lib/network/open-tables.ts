import type { Observable } from 'rxjs';
import type { FamilyOptions } from '../client/index.js';
import { closeClients, networkClients, type NetworkClients } from './clients.js';
import { Names } from './names/names.js';
import { routeNames, type RouteNames } from './names/route-names.js';
import { view, type View, type ViewFilters, type ViewReaders } from './view.js';

/** The clients and the names that a table works with. @internal */
export type TableContext = NetworkClients & RouteNames;

/** Some tables of a namespace, and the views of them. @internal */
export type SomeTables<Tables> = Tables & {
  view<const Filters extends ViewFilters>(filters: Filters): Observable<View<Filters>>;
  close(): void;
};

/**
 * Opens some tables of a namespace. A bundle of a program that uses only these has the code of no other; `network()` has all.
 *
 * @internal
 */
export function openTables<Tables extends object>(
  options: FamilyOptions,
  create: (context: TableContext, names: Names) => Tables,
): SomeTables<Tables> {
  const clients = networkClients(options);
  const names = new Names(clients.link);
  const tables = create({ ...clients, ...routeNames() }, names);
  return {
    ...tables,
    view: (filters) => view(tables as unknown as ViewReaders, names, filters),
    close: () => closeClients(clients),
  };
}
