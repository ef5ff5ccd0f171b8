import { type Observable, mergeMap, throwError } from 'rxjs';
import { kindOf } from '../../check/index.js';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { keyText } from '../fields/argument-error.js';
import type { Names } from '../names/names.js';
import type { RouteNames } from '../names/route-names.js';
import { ReplaceableTable, type Replacers } from '../tables/replaceable-table.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import { copyOf, copyOfSecond } from '../tables/table-reader.js';
import type { Ensured, Readers, VerbOptions, Writers } from '../tables/verbs.js';
import type { Hop, Route, RouteFilter, RouteHop, RouteKey, RouteSpec } from './route.js';
import { lookupRoute, LOOKUP_OPTIONS, type LookupOptions } from './route-lookup.js';
import { routeModel } from './route-model.js';
import { hop as readHop } from './route-shape.js';

/** The verbs of routes. @public */
export interface Routes extends Readers<Route, RouteKey, RouteFilter>, Writers<Route, RouteSpec, RouteKey>, Replacers<Route, RouteSpec> {
  /** Adds a hop to a route, if it does not have it. */
  addHop(key: RouteKey, hop: Hop, options?: VerbOptions): Observable<Ensured<Route>>;
  /**
   * Removes a hop from a route, if it has it. The gateway and the link of the hop are compared, as far as they are given.
   *
   * @throws {@link NetworkError} `invalid` if it is the only hop: delete the route.
   */
  removeHop(key: RouteKey, hop: Hop, options?: VerbOptions): Observable<Ensured<Route>>;
  /**
   * Emits the route, the link and the source address that the kernel chooses for a packet to an address, as `ip route get` does.
   *
   * @throws {@link NetworkError} `unreachable` if there is none.
   */
  lookup(to: string, options?: LookupOptions): Observable<Route>;
}

const LOOKUP_NAMES: ReadonlySet<string> = new Set(['signal', 'timeout', ...LOOKUP_OPTIONS]);

/** The table of routes. @internal */
export class RouteTable extends ReplaceableTable<Route, RouteSpec, RouteKey, RouteFilter> implements Routes {
  readonly #clients: Pick<NetworkClients, 'route'>;
  readonly #words: RouteNames;

  constructor(clients: Pick<NetworkClients, 'route'>, names: Names, words: RouteNames) {
    super(routeModel(clients, words), names);
    this.#clients = clients;
    this.#words = words;
  }

  addHop(key: RouteKey, hop: Hop, options: VerbOptions = {}): Observable<Ensured<Route>> {
    return this.#changeHops('addHop', key, hop, options, (hops, wanted) =>
      hops.some((other) => isWay(wanted, other)) ? hops : [...hops, wanted],
    );
  }

  removeHop(key: RouteKey, hop: Hop, options: VerbOptions = {}): Observable<Ensured<Route>> {
    return this.#changeHops('removeHop', key, hop, options, (hops, wanted) => {
      const left = hops.filter((other) => !isWay(wanted, other));
      if (left.length === 0) throw new FieldError('', 'it is the only hop; delete the route');
      return left;
    });
  }

  lookup(to: string, options: LookupOptions = {}): Observable<Route> {
    checkVerbOptions('lookup', options, LOOKUP_NAMES);
    if (typeof to !== 'string') throw new TypeError(`lookup: expected an address, not ${kindOf(to)}`);
    const given = { ...options };
    return runVerb({ verb: 'find', subject: () => `route to ${to}`, missing: [] }, options, () =>
      lookupRoute(to, given, { clients: this.#clients, names: this.names, words: this.#words }),
    );
  }

  #changeHops(
    verb: string,
    key: RouteKey,
    hop: Hop,
    options: VerbOptions,
    change: (hops: readonly RouteHop[], hop: Hop) => readonly Hop[],
  ): Observable<Ensured<Route>> {
    checkVerbOptions(verb, options);
    const givenKey = copyOf(verb, key, this.model);
    const givenHop = copyOfSecond(verb, hop, () => `${verb}(${keyText(key)}, { via, link })`);
    return this.#verb(verb, givenKey, options, (named) => {
      const [wantedKey, wantedHop] = [this.readKey(named), readHop(givenHop, 'hop')];
      if (wantedHop.via === undefined && wantedHop.link === undefined) throw new FieldError('hop', 'a hop has a gateway or a link');
      return this.resolve({ hops: [wantedHop] }).pipe(
        mergeMap(() => this.locate(verb, wantedKey)),
        mergeMap(({ object, names }) => {
          if (object === undefined) return throwError(() => this.gone(verb, wantedKey));
          const [renamed] = (
            this.model.renameLinks!({ hops: [wantedHop] }, (link) => names.nameOf(names.indexOf(link)!)!) as { hops: [Hop] }
          ).hops;
          const hops = change(hopsOf(object), renamed);
          return this.write(verb, { object, names }, this.complete({ hops }), {});
        }),
      );
    });
  }

  #verb<R>(verb: string, given: object, options: VerbOptions, run: (named: object) => Observable<R>): Observable<R> {
    return runVerb(
      this.context(verb, () => this.subject(given)),
      options,
      () => this.withTable(given, run),
    );
  }
}

/** Returns the ways of a route as a list. @throws FieldError if it has none. */
function hopsOf({ hops, via, link, onlink, encap, type, nexthop }: Route): readonly RouteHop[] {
  if (nexthop !== undefined) throw new FieldError('', `its hops are those of nexthop ${nexthop}; change the nexthop`);
  if (hops !== undefined) return hops;
  if (via === undefined && link === undefined) throw new FieldError('', `a ${type} route has no hops`);
  return [
    {
      ...(via !== undefined && { via }),
      ...(link !== undefined && { link }),
      ...(onlink !== undefined && { onlink }),
      ...(encap !== undefined && { encap }),
    },
  ];
}

/** Returns true if a hop has the gateway and the link of a wanted one, as far as they are given. */
function isWay({ via, link }: Hop, other: RouteHop): boolean {
  return (via === undefined || via === other.via) && (link === undefined || link === other.link);
}
