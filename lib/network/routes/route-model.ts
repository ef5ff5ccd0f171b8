import { catchError, forkJoin, mergeMap, of, throwError, type Observable } from 'rxjs';
import type { OperationFlags } from '../../client/index.js';
import { isKernelError } from '../../errors/index.js';
import type { GetrouteReply, GetrouteRequest } from '../../families/rt-route.js';
import { familyNumber } from '../fields/address-family.js';
import type { NetworkClients } from '../clients.js';
import { joined } from '../common/joined.js';
import { each, inSlices, translated, type Work } from '../common/slices.js';
import { Row } from '../common/written.js';
import type { LinkNames } from '../names/link-names.js';
import type { RouteNames } from '../names/route-names.js';
import { sameLifetime } from '../fields/lifetime.js';
import { step } from '../tables/step.js';
import type { TableModel, Update, Wanted } from '../tables/table-model.js';
import type { Route } from './route.js';
import { checkNewRoute, checkRoute, checkWholeRoute } from './route-check.js';
import { sameHops } from './route-hops.js';
import { linksOfHops, matchesRoute, renameHops, routeName, slotKey } from './route-match.js';
import { completeRoute, mergeRoute } from './route-normal.js';
import { deleteRequest, linksOfRow, routeOf, routeRequest } from './route-rows.js';
import { ROUTE_STATE, routeShapes } from './route-shape.js';

/** The properties of a route that identify its slot in the kernel, besides the network. */
const SLOT: readonly (keyof Route)[] = ['family', 'table', 'metric', 'tos', 'from'];

/** The flags of a new route; one object for all of them. */
const CREATION: OperationFlags = { create: true, exclusive: true, echo: true };

/** Another gateway may have the place: ensure() would replace it. */
const TAKEN =
  'a route with this destination, table and metric exists; another metric adds a second one, replace() changes it, ensure() accepts the same route';

/** RTM_F_CLONED: a cached route for one destination. */
const CLONED = 0x200;

/** Returns what the verbs need to know about routes. @internal */
export function routeModel({ route }: Pick<NetworkClients, 'route'>, words: RouteNames): TableModel<Route> {
  const { shape, key } = routeShapes(words);
  /** Routes that stand behind another one of their slot: the kernel replaces the first. */
  const behind = new WeakSet<Route>();
  const remove = (object: Route): ReturnType<TableModel<Route>['remove']> => [step(route, 'delroute', deleteRequest(object[Row]))];

  const dump = (request: GetrouteRequest): Observable<readonly GetrouteReply[]> =>
    route
      .list('getroute', request)
      // A dump of a table that does not exist fails.
      .pipe(catchError((error: unknown) => (isKernelError(error, 'ENOENT') ? of([]) : throwError(() => error))));

  return {
    table: 'routes',
    noun: 'route',
    typical: { spec: '{ to, via }', text: 'to' },
    shape,
    key,
    state: ROUTE_STATE,
    always: ['family', 'type', 'table', 'protocol', 'metric'],
    keyNeeds: ['to'],
    identity: ['to', 'family', 'table', 'metric', 'tos', 'from'],
    missing: ['ESRCH', 'ENODEV', 'ENOENT'],
    tableNames: words.tables,
    linkFields: ['link'],
    moreLinks: linksOfHops,
    renameLinks: renameHops,
    linkIndexes: (row) => linksOfRow(row as GetrouteReply),
    namesByKey: false,
    readKey: (given) => (typeof given === 'object' && given !== null ? { table: 'main', ...given } : given),
    complete: completeRoute,
    check: checkRoute,
    nameOf: routeName,
    explain: ({ code, extendedAck: { message } }, verb) =>
      verb === 'add' && code === 'EEXIST' && message === undefined ? { text: TAKEN } : undefined,
    slot: slotOf,
    matches: matchesRoute,
    keyOf: slotKey,
    read: (names, filter = {}) =>
      forkJoin(readRequests(filter, words).map(dump)).pipe(
        mergeMap((families) => inSlices(() => routesOf(joined(families), names, words, behind))),
      ),
    fromRow: (row, names) => routeOf(row as GetrouteReply, names, words),
    watchRequest: ({ family }) => (family === undefined ? {} : { rtmFamily: familyNumber(family) }),
    rows: (request) => route.tableOf('getroute', request),
    equal: { hops: sameHops, expires: sameLifetime },
    merge: mergeRoute,
    checkNew: checkNewRoute,
    create: (wanted, names) => {
      checkNewRoute(wanted);
      return [step(route, 'newroute', routeRequest(wanted, names, words), CREATION)];
    },
    update: (object, wanted, changed, names): Update => {
      checkWholeRoute(wanted);
      const request = routeRequest(wanted, names, words, object[Row]);
      // Deleted and added behind the others: for IPv6, CREATE alone adds a route to its slot.
      const anew = [
        ...remove(object),
        step(route, 'newroute', request, object.family === 4 ? { create: true, append: true } : { create: true }),
      ];
      if (behind.has(object)) return { recreate: changed, steps: anew };
      // An IPv6 route without a gateway replaces only another one without.
      if (object.family === 6 && isGatewayed(object) && !isGatewayed(wanted)) return { steps: anew };
      return { steps: [step(route, 'newroute', request, { replace: true })] };
    },
    remove,
  };
}

/** Selects by what the kernel can filter. IPv4 and IPv6 are read apart: the kernel dumps more than routes if asked for both. */
function readRequests({ family, table }: Wanted, { tables }: RouteNames): readonly GetrouteRequest[] {
  const number = typeof table === 'string' || typeof table === 'number' ? tables.numberOf(table) : undefined;
  const families = family === 4 ? [2] : family === 6 ? [10] : [2, 10];
  return families.map((rtmFamily) => ({ rtmFamily, ...(number !== undefined && { table: number }) }));
}

/** The number of rows that are translated first. */
const SAMPLES = 64;

/** Translates rows. @param behind - Routes that stand behind another one of their slot are added to it. */
function* routesOf(rows: readonly GetrouteReply[], names: LinkNames, words: RouteNames, behind: WeakSet<Route>): Work<Route[]> {
  const translate = (row: GetrouteReply): Route | undefined => ((row.rtmFlags & CLONED) === 0 ? routeOf(row, names, words) : undefined);
  // Rows with equal attributes follow each other: V8 would compile the translation again for each form that it meets later. Of the first
  // calls it notes nothing: there are two rounds.
  const distance = Math.ceil(rows.length / SAMPLES);
  if (distance > 1)
    for (const first of [0, distance >> 1]) for (let index = first; index < rows.length; index += distance) translate(rows[index]!);
  const routes = yield* translated(rows, translate);
  // A dump lists the routes of a slot one after the other: the kernel keeps them in one list, sorted by their slots.
  yield* each(routes, (route, index) => {
    const previous = index === 0 ? undefined : routes[index - 1]!;
    if (previous?.to === route.to && SLOT.every((name) => route[name] === previous[name])) behind.add(route);
  });
  return routes;
}

/** Most routes are in the main table: their slot is a text that they have already, and whose hash V8 keeps. */
function slotOf({ to, table }: Wanted): string {
  return table === 'main' ? String(to) : `${String(table)} ${String(to)}`;
}

function isGatewayed({ via, hops, nexthop }: { readonly [K in 'via' | 'hops' | 'nexthop']?: unknown }): boolean {
  return (via ?? hops ?? nexthop) !== undefined;
}
