import {
  EMPTY,
  type Observable,
  ReplaySubject,
  catchError,
  defer,
  finalize,
  map,
  of,
  share,
  switchMap,
  tap,
  throwError,
  throwIfEmpty,
} from 'rxjs';
import { omitUndefined } from '../check/index.js';
import { FamilyNotFoundError, isKernelError } from '../errors/index.js';
import type { NetlinkSocket } from '../socket/index.js';
import { AttributeEncoder, AttributeReader, GENERIC_HEADER_SIZE, encodeGenericPayload, type Message } from '../wire/index.js';
import { familyAdvice } from './advice/family-advice.js';

/** The kernel's description of a generic netlink family. @public */
export interface GenericFamily {
  readonly name: string;
  /** Message type of the family (`CTRL_ATTR_FAMILY_ID`); may change when its module is loaded again. */
  readonly id: number;
  readonly version: number;
  /** Numbers of its multicast groups, by name. */
  readonly groups: ReadonlyMap<string, number>;
}

// The controller, uapi/linux/genetlink.h: GENL_ID_CTRL, CTRL_CMD_GETFAMILY, enum ctrl_attr and ctrl_attr_mcast_groups
const CONTROLLER = 16;
const GET_FAMILY = 3;
const ControlAttribute = { Id: 1, Name: 2, Version: 3, Groups: 7 } as const;
const GroupAttribute = { Name: 1, Id: 2 } as const;

/** The controller's multicast group, which reports new and deleted families; its number is fixed. @internal */
export const CONTROLLER_GROUP = 16;

/** Reads a family from a message of the controller; undefined if the message names none. @internal */
export function readGenericFamily(message: Message): GenericFamily | undefined {
  let name: string | undefined;
  let id = 0;
  let version = 0;
  const groups = new Map<string, number>();
  for (const attribute of new AttributeReader(message.payload, { start: GENERIC_HEADER_SIZE })) {
    if (attribute.type === ControlAttribute.Name) name = attribute.string();
    else if (attribute.type === ControlAttribute.Id) id = attribute.uint16();
    else if (attribute.type === ControlAttribute.Version) version = attribute.uint32();
    else if (attribute.type === ControlAttribute.Groups) {
      for (const group of attribute.attributes()) {
        const parts = group.attributes();
        const groupName = parts.find(GroupAttribute.Name)?.string();
        const groupId = parts.find(GroupAttribute.Id)?.uint32();
        if (groupName !== undefined && groupId !== undefined) groups.set(groupName, groupId);
      }
    }
  }
  return name === undefined ? undefined : { name, id, version, groups };
}

/**
 * Looks up the numbers of generic families, each once per socket.
 *
 * @internal
 */
export class GenericFamilies {
  readonly #socket: NetlinkSocket;
  readonly #known = new Map<string, GenericFamily>();
  readonly #pending = new Map<string, Observable<GenericFamily>>();

  constructor(socket: NetlinkSocket) {
    this.#socket = socket;
  }

  /** Returns a family that was looked up before, so that requests need not wait for it. */
  known(name: string): GenericFamily | undefined {
    return this.#known.get(name);
  }

  /** Returns the message type of a family if it is known; that of the controller is fixed. */
  idOf(name: string): number | undefined {
    return name === 'nlctrl' ? CONTROLLER : this.#known.get(name)?.id;
  }

  /** Looks a family up unless it is known. Fails with {@link FamilyNotFoundError} if the kernel has no family of that name. */
  resolve(name: string, timeout?: number): Observable<GenericFamily> {
    return defer(() => {
      const known = this.#known.get(name);
      if (known !== undefined) return of(known);
      // Only callers with the same time-out share the look-up.
      const key = `${name} ${timeout ?? ''}`;
      let pending = this.#pending.get(key);
      if (pending === undefined) {
        pending = this.#ask(name, timeout, () => this.#pending.delete(key));
        this.#pending.set(key, pending);
      }
      return pending;
    });
  }

  /** Runs a function with a family; runs it again with the new number if the kernel no longer knows the old one. */
  with<T>(name: string, run: (family: GenericFamily) => Observable<T>, timeout?: number): Observable<T> {
    return defer(() => {
      const known = this.#known.get(name);
      if (known === undefined) return this.resolve(name, timeout).pipe(switchMap(run));
      let answered = false;
      return run(known).pipe(
        tap(() => (answered = true)),
        catchError((error: unknown) => {
          if (answered || !isKernelError(error, 'ENOENT')) return throwError(() => error);
          this.forget(name);
          return this.resolve(name, timeout).pipe(switchMap((family) => (family.id === known.id ? throwError(() => error) : run(family))));
        }),
      );
    });
  }

  /** Adds the families that another socket of the same namespace has looked up. */
  adopt(other: GenericFamilies): void {
    for (const [name, family] of other.#known) this.#known.set(name, family);
  }

  /** Forgets a family that was registered again or deleted. */
  forget(name: string): void {
    this.#known.delete(name);
  }

  #ask(name: string, timeout: number | undefined, ended: () => void): Observable<GenericFamily> {
    const attributes = new AttributeEncoder().string(ControlAttribute.Name, name).encode();
    const payload = encodeGenericPayload({ command: GET_FAMILY, version: 2 }, attributes);
    const options = { dump: false, operation: 'getfamily', ...omitUndefined({ timeout }) };
    return this.#socket.request({ type: CONTROLLER, payload }, options).pipe(
      switchMap((message) => {
        const family = readGenericFamily(message);
        return family === undefined ? EMPTY : of(family);
      }),
      throwIfEmpty(() => new FamilyNotFoundError(name, familyAdvice(name))),
      catchError((error: unknown) =>
        throwError(() => (isKernelError(error, 'ENOENT') ? new FamilyNotFoundError(name, familyAdvice(name), error) : error)),
      ),
      map((family) => {
        this.#known.set(name, family);
        return family;
      }),
      finalize(ended),
      share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
    );
  }
}

const perSocket = new WeakMap<NetlinkSocket, GenericFamilies>();

/** Returns the families that a socket knows; all clients of the socket share them. @internal */
export function genericFamilies(socket: NetlinkSocket): GenericFamilies {
  let families = perSocket.get(socket);
  if (families === undefined) perSocket.set(socket, (families = new GenericFamilies(socket)));
  return families;
}
