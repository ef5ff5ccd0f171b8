import { EMPTY, type Observable, defer, filter, map, merge, mergeMap, throwError } from 'rxjs';
import { FamilyClient, type FamilyNotification, type FamilySocket, type RowFilters } from '../client/index.js';
import { queueBarrier, rtnlSettled } from '../client/internal.js';
import { suggestion } from '../check/index.js';
import {
  operationCodec,
  stringify,
  type DumpName,
  type DumpReply,
  type DumpRequest,
  type FamilySchema,
  type FamilyTypes,
  type GroupName,
  type TypedFamilySchema,
} from '../schema/index.js';
import type { LiveChange, LiveEvent } from './live-change.js';
import { liveCollection } from './live-collection.js';
import { requestFilter, watchedEvents, watchedRows, type Fits } from './watched-events.js';
import type { FamilyTrigger, WatchDeclaration, WatchDeclarations, UnwatchableReason } from './watch-declaration.js';

/** Declarations without the types of their objects: only the family modules and the callers of `watch` know them. */
type AnyDeclarations = Readonly<
  Record<string, WatchDeclaration | UnwatchableReason | ((request: object) => WatchDeclaration | UnwatchableReason)>
>;

/** A client of a family whose types are unknown. */
interface AnyClient {
  notifications(...groups: string[]): Observable<FamilyNotification>;
  close(): void;
}

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
  readonly #collections = new Map<string, Observable<LiveChange<object>>>();
  /** Clients of the families whose notifications trigger a resync of this family's tables. */
  readonly #others = new Map<FamilySchema, AnyClient>();

  /** @internal Use the family's factory. */
  constructor(schema: TypedFamilySchema<Family>, declarations: WatchDeclarations<Family, Watched>, socket: FamilySocket = {}) {
    super(schema, socket, (op, request) => checkedFilters(declarations, op, request));
    this.#declarations = declarations;
  }

  /**
   * Watches a table: emits `synced` with all entries, then every change; after a loss only the differences.
   *
   * Subscribers to the same operation and request share one kernel subscription. A late subscriber receives the current
   * entries inside `subscribe`.
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
    const codec = operationCodec(this.schema, op);
    const fits = requestFilter(declaration, codec, request as object, `${this.schema.source}: ${op}`);
    const name = `${op} ${stringify(sorted(request as object), { secrets: true })}`;
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      const asked = { ...declaration.request, ...(request as object) } as DumpRequest<Family, Op>;
      collection = this.#collect(() => watchedRows(declaration, fits, this.dump(op, asked) as Observable<object>), declaration, fits);
      this.#collections.set(name, collection);
    }
    return collection as Observable<LiveChange<DumpReply<Family, Op> & object>>;
  }

  /**
   * Returns the declaration of a table, e.g. its volatile properties and those that change without an event.
   *
   * @throws TypeError if the table cannot be watched; it names the reason.
   */
  declarationOf(op: Watched, request: object = {}): WatchDeclaration {
    return this.#declaration(op, request);
  }

  /** Closes the sockets that the client opened, also those for other families; collections end with `SocketClosedError`. */
  override close(): void {
    for (const other of this.#others.values()) other.close();
    super.close();
  }

  #declaration(op: string, request: object): WatchDeclaration {
    const declared = this.#declarations[op];
    const declaration = typeof declared === 'function' ? declared(request) : declared;
    if (typeof declaration === 'object') return declaration;
    const names = Object.keys(this.#declarations).filter((name) => typeof this.#declarations[name] !== 'string');
    const reason = declaration ?? `it has no watch declaration${suggestion(op, names, '; ') || `; there are ${names.join(', ')}`}`;
    throw new TypeError(`${this.schema.source}: ${op} cannot be watched: ${reason}`);
  }

  #collect(snapshot: () => Observable<object>, declaration: WatchDeclaration, fits: Fits): Observable<LiveChange<object>> {
    return liveCollection<object>({
      ...declaration,
      snapshot,
      changes: () => this.#changes(declaration, fits),
      barrier: () => queueBarrier(this.eventSocket),
      settled: () => (declaration.waitsForLock === true ? rtnlSettled(this.socket) : EMPTY),
    });
  }

  /** Merges all groups of a collection on one socket, so that the kernel's order is kept. */
  #changes(declaration: WatchDeclaration, fits: Fits): Observable<LiveEvent<object>> {
    const { groups, triggers = [], familyTriggers = [] } = declaration;
    const own = this.notifications(...(groups as GroupName<Family>[])) as Observable<FamilyNotification<string, object>>;
    const triggered = triggers.map(({ group, types, when }) =>
      defer(() => this.eventSocket.multicast(group)).pipe(
        filter((message) => message.nsid === undefined && (types?.includes(message.type) ?? true) && (when?.(message.payload) ?? true)),
        map((): LiveEvent<object> => ({ type: 'silent' })),
      ),
    );
    const others = familyTriggers.map((trigger) => this.#triggeredBy(trigger));
    return merge(own.pipe(mergeMap(watchedEvents(declaration, fits))), ...triggered, ...others, this.#rejectNoEnobufs());
  }

  /** The order relative to the family's own events does not matter: the notification only triggers a resync. */
  #triggeredBy({ family, groups, ops }: FamilyTrigger): Observable<LiveEvent<object>> {
    return defer(() => {
      let other = this.#others.get(family);
      if (other === undefined) this.#others.set(family, (other = new FamilyClient(family, this.socket) as unknown as AnyClient));
      return other.notifications(...groups);
    }).pipe(
      filter(({ op, nsid }) => nsid === undefined && ops.includes(op)),
      map((): LiveEvent<object> => ({ type: 'silent' })),
    );
  }

  /** With NETLINK_NO_ENOBUFS the kernel does not report losses, so that the collection would stay wrong. */
  #rejectNoEnobufs(): Observable<never> {
    return defer(() =>
      this.eventSocket.getOption('noEnobufs')
        ? throwError(
            () => new TypeError('watch: the socket has option noEnobufs; expected a socket that receives overruns; turn noEnobufs off'),
          )
        : EMPTY,
    );
  }
}

/** Returns the filters for rows that the kernel has not marked as filtered. */
function checkedFilters(declarations: AnyDeclarations, op: string, request: object): RowFilters | undefined {
  if (!Object.hasOwn(declarations, op)) return undefined;
  const declared = declarations[op];
  const declaration = typeof declared === 'function' ? declared(request) : declared;
  return typeof declaration === 'object' && declaration.hiddenFilters !== true ? declaration.filters : undefined;
}

function sorted(request: object): object {
  return Object.fromEntries(Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1)));
}
