import { EMPTY, type Observable, defer, filter, map, merge, mergeMap, throwError } from 'rxjs';
import { FamilyClient, queueBarrier, rtnlSettled, type FamilyNotification, type FamilySocket, type RowFilters } from '../client/index.js';
import {
  operationCodec,
  stringify,
  suggestion,
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
import type { FamilyTrigger, WatchDeclaration, WatchDeclarations, WatchRefusal } from './watch-declaration.js';

/** Declarations as they are used: the types of their objects are known to those who declare and to those who watch. */
type AnyDeclarations = Readonly<Record<string, WatchDeclaration | WatchRefusal | ((request: object) => WatchDeclaration | WatchRefusal)>>;

/** A client as it is used where its family is not known. */
interface Teller {
  notifications(...groups: string[]): Observable<FamilyNotification>;
  close(): void;
}

/**
 * A client of a family whose tables can be watched: collections that stay consistent.
 *
 * `Watched` names the operations that `watch` accepts. The compiler refuses others; without types they throw.
 *
 * @public
 */
export class WatchableClient<
  Family extends FamilyTypes,
  in Watched extends DumpName<Family> = DumpName<Family>,
> extends FamilyClient<Family> {
  readonly #declarations: AnyDeclarations;
  readonly #collections = new Map<string, Observable<LiveChange<object>>>();
  /** Families whose notifications tell something of this one's tables. */
  readonly #others = new Map<FamilySchema, Teller>();

  /** @internal use the family's factory */
  constructor(schema: TypedFamilySchema<Family>, declarations: WatchDeclarations<Family, Watched>, socket: FamilySocket = {}) {
    super(schema, socket, (op, request) => checkedFilters(declarations, op, request));
    this.#declarations = declarations;
  }

  /**
   * Watches a table: `synced` with all that is there, then every change; after a loss only the differences.
   *
   * Subscribers to the same operation and request share one kernel subscription; late ones get the present state at once.
   *
   * @param op - The operation that dumps the table.
   * @param request - Which objects, e.g. those of one interface; what an operation takes stands in its refusal of the rest.
   * @throws TypeError if the table cannot be watched, or not by what is asked, and why.
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
   * What is known about a table to watch it, e.g. which of its properties are volatile and which change in silence.
   *
   * @throws TypeError if it cannot be watched, and why.
   */
  declarationOf(op: Watched, request: object = {}): WatchDeclaration {
    return this.#declaration(op, request);
  }

  override close(): void {
    for (const other of this.#others.values()) other.close();
    super.close();
  }

  #declaration(op: string, request: object): WatchDeclaration {
    const declared = this.#declarations[op];
    const declaration = typeof declared === 'function' ? declared(request) : declared;
    if (typeof declaration === 'object') return declaration;
    const names = Object.keys(this.#declarations).filter((name) => typeof this.#declarations[name] !== 'string');
    const reason = declaration ?? `nobody has declared what to listen to${suggestion(op, names, '; ')}`;
    throw new TypeError(`${this.schema.source}: ${op} cannot be watched: ${reason}`);
  }

  #collect(snapshot: () => Observable<object>, declaration: WatchDeclaration, fits: Fits): Observable<LiveChange<object>> {
    const { key, volatile, significant, partial, deletesInterrupt, interval, store, waitsForLock } = declaration;
    return liveCollection<object>({
      key,
      ...(volatile === undefined ? {} : { volatile }),
      ...(significant === undefined ? {} : { significant }),
      ...(partial === undefined ? {} : { partial }),
      ...(deletesInterrupt === undefined ? {} : { deletesInterrupt }),
      ...(interval === undefined ? {} : { interval }),
      ...(store === undefined ? {} : { store }),
      snapshot,
      changes: () => this.#changes(declaration, fits),
      barrier: () => queueBarrier(this.eventSocket),
      settled: () => (waitsForLock === true ? rtnlSettled(this.socket) : EMPTY),
    });
  }

  /** All groups of a collection are on one socket, so that their order holds. */
  #changes(declaration: WatchDeclaration, fits: Fits): Observable<LiveEvent<object>> {
    const { groups, triggers = [], familyTriggers = [] } = declaration;
    const own = this.notifications(...(groups as GroupName<Family>[])) as Observable<FamilyNotification<string, object>>;
    const silences = triggers.map(({ group, types, when }) =>
      defer(() => this.eventSocket.multicast(group)).pipe(
        filter((message) => message.nsid === undefined && (types?.includes(message.type) ?? true) && (when?.(message.payload) ?? true)),
        map((): LiveEvent<object> => ({ type: 'silent' })),
      ),
    );
    const others = familyTriggers.map((trigger) => this.#silences(trigger));
    return merge(own.pipe(mergeMap(watchedEvents(declaration, fits))), ...silences, ...others, this.#refuseDeaf());
  }

  /** What another family tells needs no order among the own events: it is only a reason to read. */
  #silences({ family, groups, ops }: FamilyTrigger): Observable<LiveEvent<object>> {
    return defer(() => {
      let other = this.#others.get(family);
      if (other === undefined) this.#others.set(family, (other = new FamilyClient(family, this.socket) as unknown as Teller));
      return other.notifications(...groups);
    }).pipe(
      filter(({ op, nsid }) => nsid === undefined && ops.includes(op)),
      map((): LiveEvent<object> => ({ type: 'silent' })),
    );
  }

  /** A socket that is not told of losses would show a wrong picture for ever. */
  #refuseDeaf(): Observable<never> {
    return defer(() =>
      this.eventSocket.getOption('noEnobufs')
        ? throwError(() => new TypeError('a socket with noEnobufs cannot watch: it would not hear of losses'))
        : EMPTY,
    );
  }
}

/** By what rows of a dump are checked where the kernel has not said that it did. */
function checkedFilters(declarations: AnyDeclarations, op: string, request: object): RowFilters | undefined {
  if (!Object.hasOwn(declarations, op)) return undefined;
  const declared = declarations[op];
  const declaration = typeof declared === 'function' ? declared(request) : declared;
  return typeof declaration === 'object' && declaration.hiddenFilters !== true ? declaration.filters : undefined;
}

function sorted(request: object): object {
  return Object.fromEntries(Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1)));
}
