import type { Observable } from 'rxjs';
import { FamilyClient, type FamilySocket, type FindFilters, type RowFilters } from '../client/index.js';
import { suggestion } from '../check/index.js';
import { checkSelection } from '../client/internal.js';
import type { DumpName, DumpReply, DumpRequest, FamilyTypes, TypedFamilySchema } from '../schema/index.js';
import type { LiveChange } from './live-change.js';
import { resyncSource } from './live-collection.js';
import { LiveTable } from './tables/live-table.js';
import type { WatchDeclaration, WatchDeclarations } from './watch-declaration.js';
import { watchHub, type AnyDeclarations, type WatchHub } from './watch-hub.js';

/**
 * A client of a family whose tables can be watched as consistent collections.
 *
 * `Watched` names the operations that `watch` accepts. The compiler rejects others; at run time they throw.
 *
 * @public
 */
export class WatchableClient<
  Family extends FamilyTypes,
  in Watched extends DumpName<Family> = DumpName<Family>,
> extends FamilyClient<Family> {
  readonly #declarations: AnyDeclarations;

  /** @internal Use the family's factory. */
  constructor(schema: TypedFamilySchema<Family>, declarations: WatchDeclarations<Family, Watched>, socket: FamilySocket = {}) {
    const filters: FindFilters = (op, request) => checkedFilters(schema.source, declarations, op, request);
    super(schema, socket, filters);
    this.#declarations = declarations;
  }

  /** The collections of the family on the socket. Most clients never watch. */
  get #hub(): WatchHub {
    const declarations = this.#declarations;
    const filters: FindFilters = (op, request) => checkedFilters(this.schema.source, declarations, op, request);
    return watchHub(this.schema, declarations, this.socket, filters);
  }

  /**
   * Watches a table: emits `synced` with all entries, then every change; after a loss only the differences.
   *
   * Subscribers to the same operation and request share one kernel subscription, also those of other clients that share the socket.
   * A late subscriber receives the current entries inside `subscribe`.
   *
   * @param op - The operation that dumps the table.
   * @param request - Selects objects, e.g. those of one interface; an error for other properties lists the supported ones.
   * @throws TypeError if the table cannot be watched, or not by a property of the request; it names the reason.
   */
  watch<Op extends Watched>(
    op: Op,
    request: DumpRequest<Family, Op> = {} as DumpRequest<Family, Op>,
  ): Observable<LiveChange<DumpReply<Family, Op> & object>> {
    const declaration = this.#declaration(op, request as object);
    const collection = this.#hub.collection(op, request as object, declaration);
    return this.endWithClient(collection as Observable<LiveChange<DumpReply<Family, Op> & object>>);
  }

  /**
   * Returns a table for {@link watchTables}, which watches several tables as one collection.
   *
   * @param op - The operation that dumps the table.
   * @param request - Selects objects, as in `watch`.
   * @throws TypeError like `watch`.
   */
  tableOf<Op extends Watched>(
    op: Op,
    request: DumpRequest<Family, Op> = {} as DumpRequest<Family, Op>,
  ): LiveTable<DumpReply<Family, Op> & object> {
    const declaration = this.#declaration(op, request as object);
    const options = this.#hub.options(op, request as object, declaration);
    return new LiveTable(`${this.schema.source}: ${op}`, this.socket, resyncSource(options), this.keyOf(op, request));
  }

  /**
   * Returns a function that names the entries of a watched table: a string that stays the same as long as the entry exists, and that no
   * other entry has.
   *
   * The names of routes and rules that share a slot or are equal contain a number, which only entries of `watch` and `watchTables` have. Rows of
   * `list` that share a slot have one name. A string is made at each call: a table of 200,000 names costs more than the dump.
   *
   * @param op - The operation that dumps the table.
   * @param request - The request of the watch, if the declaration of the table depends on it.
   * @throws TypeError like `watch`.
   * @example A map of routes
   * ```ts
   * route.watch('getroute').pipe(toMap(route.keyOf('getroute')));
   * ```
   */
  keyOf<Op extends Watched>(
    op: Op,
    request: DumpRequest<Family, Op> = {} as DumpRequest<Family, Op>,
  ): (row: DumpReply<Family, Op> & object) => string {
    const { key, store } = this.#declaration(op, request as object);
    const named = store?.();
    return named?.keyOf === undefined ? (row) => String(key(row)) : (row) => named.keyOf!(row);
  }

  /**
   * Returns the declaration of a table, e.g. its volatile properties and those that change without an event.
   *
   * @throws TypeError if the table cannot be watched; it names the reason.
   */
  declarationOf(op: Watched, request: object = {}): WatchDeclaration {
    return this.#declaration(op, request);
  }

  /**
   * Returns a function that copies a row of a table without what is not part of its state: properties that change all the time (counters,
   * timers), those that only events or only dumps contain, and nested ones that `watch` does not compare, such as the timers of a bridge. Two rows
   * of an object that has not changed are then equal.
   *
   * @param op - The operation that dumps the table.
   * @param request - The request of the watch, if the declaration of the table depends on it.
   * @throws TypeError like `watch`.
   * @example Rows to store or to compare
   * ```ts
   * const rows = (await lastValueFrom(link.list('getlink'))).map(link.stateOf('getlink'));
   * ```
   */
  stateOf<Op extends Watched>(
    op: Op,
    request: DumpRequest<Family, Op> = {} as DumpRequest<Family, Op>,
  ): (row: DumpReply<Family, Op> & object) => Partial<DumpReply<Family, Op> & object> {
    const { volatile = [], without = [], significant } = this.#declaration(op, request as object);
    const omitted: readonly string[] = [...volatile, ...without];
    return (row) => {
      // A copy by spreading has the unknown attributes, whose key is a symbol.
      const state = { ...(significant?.(row) ?? row) } as Record<string, unknown>;
      for (const name of omitted) delete state[name];
      return state as typeof row;
    };
  }

  #declaration(op: string, request: object): WatchDeclaration {
    const declared = this.#declarations[op];
    const declaration = typeof declared === 'function' ? declared(request) : declared;
    if (typeof declaration === 'object') return declaration;
    const names = Object.keys(this.#declarations).filter((name) => typeof this.#declarations[name] !== 'string');
    const reason = declaration ?? `it has no watch declaration${suggestion(op, names, '; ') || `; there are ${names.join(', ')}`}`;
    throw new TypeError(`${this.schema.source}: ${op} cannot be watched: ${reason}`);
  }
}

/**
 * Returns the filters for rows that the kernel has not marked as filtered.
 *
 * @throws TypeError if the kernel would ignore a property of the request silently, or needs one that is missing.
 */
function checkedFilters(source: string, declarations: AnyDeclarations, op: string, request: object): RowFilters | undefined {
  if (!Object.hasOwn(declarations, op)) return undefined;
  const declared = declarations[op];
  const declaration = typeof declared === 'function' ? declared(request) : declared;
  if (typeof declaration !== 'object') return undefined;
  checkSelection(`${source}: ${op}`, declaration, request);
  return declaration.hiddenFilters === true ? undefined : declaration.filters;
}
