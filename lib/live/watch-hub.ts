import { EMPTY, type Observable, catchError, concat, defer, filter, map, merge, throwError } from 'rxjs';
import { DumpInterruptedError } from '../errors/index.js';
import { FamilyClient, type FamilyNotification, type FindFilters } from '../client/index.js';
import { queueBarrier, rtnlSettled } from '../client/internal.js';
import { operationCodec, stringify, type FamilySchema, type FamilyTypes } from '../schema/index.js';
import type { LiveChange, LiveEvent } from './live-change.js';
import { collectionOf, type LiveCollectionOptions } from './live-collection.js';
import type { FamilyDump, FamilyTrigger, UnwatchableReason, WatchDeclaration } from './watch-declaration.js';
import { requestFilter, watchedEvents, watchedRows, type Fits } from './watched-events.js';

/** Declarations without the types of their objects: only the family modules and the callers of `watch` know them. @internal */
export type AnyDeclarations = Readonly<
  Record<string, WatchDeclaration | UnwatchableReason | ((request: object) => WatchDeclaration | UnwatchableReason)>
>;

/** The socket of a client: a `NetlinkSocket`. @internal */
export type ClientSocket = AnyFamilyClient['socket'];

type AnyFamilyClient = FamilyClient<FamilyTypes>;

/** A client of a family whose types are unknown. */
interface AnyClient {
  dump(op: string, request: object): Observable<object>;
  notifications(...groups: string[]): Observable<FamilyNotification<string, object>>;
}

/**
 * The collections of a family's tables on one socket. All clients of the family that share the socket use the same hub, so that a table is
 * read once, however many clients watch it.
 *
 * Its client is never closed: a client that watches ends its own streams, and the socket those of all clients.
 *
 * @internal
 */
export class WatchHub {
  readonly #schema: FamilySchema;
  readonly #socket: ClientSocket;
  readonly #client: AnyClient;
  readonly #collections = new Map<string, Observable<LiveChange<object>>>();
  /** Clients of the families whose notifications trigger a resync of this family's tables. */
  readonly #others = new Map<FamilySchema, AnyClient>();

  constructor(schema: FamilySchema, socket: ClientSocket, filters: FindFilters) {
    this.#schema = schema;
    this.#socket = socket;
    this.#client = anyClient(schema, socket, filters);
  }

  /** Returns the shared collection of a table. @throws TypeError if the table cannot be watched by a property of the request. */
  collection(op: string, request: object, declaration: WatchDeclaration): Observable<LiveChange<object>> {
    const options = this.options(op, request, declaration);
    const name = `${op} ${stringify(sorted(request), { secrets: true })}`;
    let collection = this.#collections.get(name);
    if (collection === undefined) this.#collections.set(name, (collection = collectionOf(options)));
    return collection;
  }

  /** Returns the streams and the store of a table. @throws TypeError if the table cannot be watched by a property of the request. */
  options(op: string, request: object, declaration: WatchDeclaration): LiveCollectionOptions<object> {
    const fits = requestFilter(declaration, operationCodec(this.#schema, op), request, `${this.#schema.source}: ${op}`);
    const asked = { ...declaration.request, ...request };
    const { read } = declaration;
    const dump: FamilyDump = (name, selection) => this.#client.dump(name, selection);
    return {
      ...declaration,
      snapshot: () => watchedRows(declaration, fits, read === undefined ? dump(op, asked) : readAll(dump, (each) => read(each, asked))),
      changes: () => this.#changes(declaration, fits),
      losses: () => this.#socket.eventSibling.losses,
      barrier: () => queueBarrier(this.#socket.eventSibling),
      settled: () => (declaration.waitsForLock === true ? rtnlSettled(this.#socket) : EMPTY),
    };
  }

  /** Merges all groups of a collection on one socket, so that the kernel's order is kept. */
  #changes(declaration: WatchDeclaration, fits: Fits): Observable<LiveEvent<object>> {
    const { groups, triggers = [], familyTriggers = [] } = declaration;
    const own = this.#client.notifications(...groups);
    const triggered = triggers.map(({ group, types, when }) =>
      defer(() => this.#socket.eventSibling.multicast(group)).pipe(
        filter((message) => message.nsid === undefined && (types?.includes(message.type) ?? true) && (when?.(message.payload) ?? true)),
        map((): LiveEvent<object> => ({ type: 'silent' })),
      ),
    );
    const others = familyTriggers.map((trigger) => this.#triggeredBy(trigger));
    return merge(watchedEvents(declaration, fits, own), ...triggered, ...others, this.#rejectNoEnobufs());
  }

  /** The order relative to the family's own events does not matter: the notification only triggers a resync. */
  #triggeredBy({ family, groups, ops }: FamilyTrigger): Observable<LiveEvent<object>> {
    return defer(() => {
      let other = this.#others.get(family);
      if (other === undefined) this.#others.set(family, (other = anyClient(family, this.#socket)));
      return other.notifications(...groups);
    }).pipe(
      filter(({ op, nsid }) => nsid === undefined && ops.includes(op)),
      map((): LiveEvent<object> => ({ type: 'silent' })),
    );
  }

  /** With NETLINK_NO_ENOBUFS the kernel does not report losses, so that the collection would stay wrong. */
  #rejectNoEnobufs(): Observable<never> {
    return defer(() =>
      this.#socket.eventSibling.getOption('noEnobufs')
        ? throwError(
            () => new TypeError('watch: the socket has option noEnobufs; expected a socket that receives overruns; turn noEnobufs off'),
          )
        : EMPTY,
    );
  }
}

const perSocket = new WeakMap<ClientSocket, Map<AnyDeclarations, WatchHub>>();

/** Returns the hub of a family on a socket. @internal */
export function watchHub(schema: FamilySchema, declarations: AnyDeclarations, socket: ClientSocket, filters: FindFilters): WatchHub {
  let hubs = perSocket.get(socket);
  if (hubs === undefined) perSocket.set(socket, (hubs = new Map<AnyDeclarations, WatchHub>()));
  let hub = hubs.get(declarations);
  if (hub === undefined) hubs.set(declarations, (hub = new WatchHub(schema, socket, filters)));
  return hub;
}

/** Reads a table by several dumps. One that was interrupted does not end the others, but is the error at the end. */
function readAll(dump: FamilyDump, read: (dump: FamilyDump) => Observable<object>): Observable<object> {
  return defer(() => {
    let interrupted: DumpInterruptedError | undefined;
    const each: FamilyDump = (op, request) =>
      dump(op, request).pipe(
        catchError((error: unknown) => {
          if (!(error instanceof DumpInterruptedError)) return throwError(() => error);
          interrupted ??= error;
          return EMPTY;
        }),
      );
    return concat(
      read(each),
      defer(() => (interrupted === undefined ? EMPTY : throwError(() => interrupted))),
    );
  });
}

function anyClient(schema: FamilySchema, socket: ClientSocket, filters?: FindFilters): AnyClient {
  return new FamilyClient(schema, socket, filters) as unknown as AnyClient;
}

function sorted(request: object): object {
  return Object.fromEntries(Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1)));
}
