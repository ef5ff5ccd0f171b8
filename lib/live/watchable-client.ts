import { EMPTY, type Observable, defer, filter, map, merge, mergeMap, throwError } from 'rxjs';
import { FamilyClient, queueBarrier, rtnlSettled, type FamilyNotification, type FamilySocket } from '../client/index.js';
import {
  stringify,
  suggestion,
  type DumpName,
  type DumpReply,
  type DumpRequest,
  type FamilyTypes,
  type GroupName,
  type TypedFamilySchema,
} from '../schema/index.js';
import type { LiveChange, LiveEvent } from './live-change.js';
import { liveCollection } from './live-collection.js';
import type { WatchDeclaration, WatchDeclarations } from './watch-declaration.js';

/**
 * A family whose tables can be watched: collections that stay true.
 *
 * @public
 */
export class WatchableClient<Family extends FamilyTypes> extends FamilyClient<Family> {
  readonly #declarations: WatchDeclarations;
  readonly #collections = new Map<string, Observable<LiveChange<object>>>();

  /** @internal use the family's factory */
  constructor(schema: TypedFamilySchema<Family>, declarations: WatchDeclarations, socket: FamilySocket = {}) {
    super(schema, socket);
    this.#declarations = declarations;
  }

  /**
   * Watches a table: `synced` with all that is there, then every change; after a loss only the differences.
   *
   * Subscribers to the same operation and request share one kernel subscription; late ones get the present state at once.
   *
   * @param op - The operation that dumps the table.
   * @param request - What the dump is asked for, e.g. one interface or address family.
   * @throws TypeError if the table cannot be watched, and why.
   */
  watch<Op extends DumpName<Family>>(
    op: Op,
    request: DumpRequest<Family, Op> = {} as DumpRequest<Family, Op>,
  ): Observable<LiveChange<DumpReply<Family, Op> & object>> {
    const declaration = this.#declaration(op);
    const name = `${op} ${stringify(sorted(request as object))}`;
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = this.#collect(op, request, declaration);
      this.#collections.set(name, collection);
    }
    return collection as Observable<LiveChange<DumpReply<Family, Op> & object>>;
  }

  #declaration(op: string): WatchDeclaration {
    const declaration = this.#declarations[op];
    if (typeof declaration === 'object') return declaration as unknown as WatchDeclaration;
    const names = Object.keys(this.#declarations).filter((name) => typeof this.#declarations[name] === 'object');
    const reason = declaration ?? `nobody has declared what to listen to${suggestion(op, names, '; ')}`;
    throw new TypeError(`${this.schema.source}: ${op} cannot be watched: ${reason}`);
  }

  #collect<Op extends DumpName<Family>>(
    op: Op,
    request: DumpRequest<Family, Op>,
    declaration: WatchDeclaration,
  ): Observable<LiveChange<object>> {
    const { key, volatile, deletesInterrupt, interval, store, waitsForLock, accepts = () => true } = declaration;
    return liveCollection<object>({
      key,
      ...(volatile === undefined ? {} : { volatile }),
      ...(deletesInterrupt === undefined ? {} : { deletesInterrupt }),
      ...(interval === undefined ? {} : { interval }),
      ...(store === undefined ? {} : { store: () => store(declaration) }),
      snapshot: () => (this.dump(op, request) as Observable<object>).pipe(filter(accepts)),
      changes: () => this.#changes(declaration, request as object),
      barrier: () => queueBarrier(this.eventSocket),
      settled: () => (waitsForLock === true ? rtnlSettled(this.socket) : EMPTY),
    });
  }

  /** All groups of a collection are on one socket, so that their order holds. */
  #changes(declaration: WatchDeclaration, request: object): Observable<LiveEvent<object>> {
    const { groups, triggers = [] } = declaration;
    const fits = requestFilter(request);
    const own = this.notifications(...(groups as GroupName<Family>[])) as Observable<FamilyNotification<string, object>>;
    return defer(() => {
      const silences = triggers.map((group) =>
        this.eventSocket.multicast(group).pipe(
          filter(({ nsid }) => nsid === undefined),
          map((): LiveEvent<object> => ({ type: 'silent' })),
        ),
      );
      const events = own.pipe(mergeMap((notification) => toEvent(declaration, fits, notification)));
      return merge(events, ...silences, this.#refuseDeaf());
    });
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

function toEvent(
  { set, delete: deletes, silentOn = [], accepts = () => true }: WatchDeclaration,
  fits: (value: object) => boolean,
  { op, value, replace, append, nsid }: FamilyNotification<string, object>,
): LiveEvent<object>[] {
  if (nsid !== undefined || !accepts(value) || !fits(value)) return [];
  const events: LiveEvent<object>[] = [];
  if (deletes.includes(op)) events.push({ type: 'delete', value });
  else if (set.includes(op)) {
    events.push({ type: 'set', value, ...(replace && { replace }), ...(append && { append }) });
  }
  if (silentOn.includes(op)) events.push({ type: 'silent' });
  return events;
}

/** Events come for the whole table: those that the dump was not asked for are left out. */
function requestFilter(request: object): (value: object) => boolean {
  const asked = Object.entries(request).filter(([, value]) => typeof value !== 'object' && value !== 0 && value !== undefined);
  return (value) =>
    asked.every(([name, wanted]) => {
      const has = (value as Record<string, unknown>)[name];
      return has === undefined || has === wanted;
    });
}

function sorted(request: object): object {
  return Object.fromEntries(Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1)));
}
