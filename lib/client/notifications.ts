import { Observable, filter, merge, mergeMap, of, switchMap, tap, type OperatorFunction } from 'rxjs';
import { FamilyNotFoundError } from '../errors/index.js';
import { operationCodec, type FamilySchema, type OperationCodec, suggestion } from '../schema/index.js';
import type { NetlinkSocket } from '../socket/index.js';
import { MessageFlags, Protocol, type Message } from '../wire/index.js';
import { CONTROLLER_GROUP, genericFamilies, readGenericFamily, type GenericFamily } from './generic-family.js';
import { pickedCodecs } from './picked-row.js';
import type { ValueDecoder } from './value-decoder.js';

/** Something that a family said of its own accord. @public */
export interface FamilyNotification<Op extends string = string, Value = unknown> {
  /** The kernel's name of the notification or event. */
  readonly op: Op;
  /** What it says, decoded: the properties of the notification's set. */
  readonly value: Value;
  /** Number of the multicast group that it was sent to. */
  readonly group: number;
  /** The change behind it replaced an object (`NLM_F_REPLACE`), as far as the kernel tells. */
  readonly replace?: true;
  /** The change behind it added an object at the end of a list (`NLM_F_APPEND`). */
  readonly append?: true;
  /** Namespace it came from, where that is not the socket's own. */
  readonly nsid?: number;
}

/** Message types of the controller's own notifications (`CTRL_CMD_NEWFAMILY`, `CTRL_CMD_DELFAMILY`). */
const NEW_FAMILY = 1;
const DEL_FAMILY = 2;

/**
 * The notifications of groups of a family, decoded.
 *
 * Groups of a generic family are looked up by name, and again whenever the family comes back with other numbers.
 *
 * @param socket - The socket to listen on: one that makes no large requests.
 * @param pick - Properties to decode of each; all where left out.
 * @internal
 */
export function familyNotifications(
  socket: NetlinkSocket,
  schema: FamilySchema,
  decoder: ValueDecoder,
  groups: readonly string[],
  pick?: readonly string[],
): Observable<FamilyNotification> {
  if (groups.length === 0) {
    throw new TypeError(`${schema.source}: notifications() needs a group, of ${schema.groups.map(({ name }) => name).join(', ')}`);
  }
  for (const group of groups) checkGroupName(schema, group);
  const decode = notificationDecoder(decoder, schema, groups, pick);
  if (schema.generic === undefined) {
    const numbers = groups.map((name) => schema.groups.find((group) => group.name === name)?.number ?? 0);
    return merge(...numbers.map((number) => socket.multicast(number))).pipe(decodeNotifications(decode));
  }
  return followFamily(socket, schema.name).pipe(
    switchMap((family) => {
      const numbers = groups.map((name) => family.groups.get(name));
      const missing = groups.find((_, index) => numbers[index] === undefined);
      if (missing !== undefined) throw new FamilyNotFoundError(schema.name, `it has no group '${missing}' on this kernel`);
      return merge(...numbers.map((number) => socket.multicast(number ?? 0))).pipe(filter(({ type }) => type === family.id));
    }),
    decodeNotifications(decode),
  );
}

/** Emits what messages mean, where they have a name; one layer, for in storms there are very many. @internal */
export function decodeNotifications(decode: NotificationDecoder): OperatorFunction<Message, FamilyNotification> {
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (message) => {
          let notification: FamilyNotification | undefined;
          try {
            notification = decode(message);
          } catch (error) {
            subscriber.error(error);
            return;
          }
          if (notification !== undefined) subscriber.next(notification);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
}

/** A family as it is, and as it is when it has come back: emits whenever its numbers may have changed. */
function followFamily(socket: NetlinkSocket, name: string): Observable<GenericFamily> {
  const families = genericFamilies(socket);
  const returned = socket.multicast(CONTROLLER_GROUP).pipe(
    mergeMap((message) => {
      const command = message.type === Protocol.Generic ? message.payload[0] : undefined;
      if (command !== NEW_FAMILY && command !== DEL_FAMILY) return [];
      const family = readGenericFamily(message);
      return family?.name === name ? of(command) : [];
    }),
    tap(() => families.forget(name)),
    filter((command) => command === NEW_FAMILY),
  );
  return new Observable<GenericFamily>((subscriber) => {
    // Listen first, look up then: a family that changes in between is looked up again.
    subscriber.add(returned.pipe(switchMap(() => families.resolve(name))).subscribe(subscriber));
    subscriber.add(
      families.resolve(name).subscribe({ next: (family) => subscriber.next(family), error: (error: unknown) => subscriber.error(error) }),
    );
  });
}

/** Decodes a notification; undefined where it has no name. @internal */
export type NotificationDecoder = (message: Message) => FamilyNotification | undefined;

/**
 * Decodes what a family says of its own accord; passes over what it has no name for.
 *
 * @param groups - Where it is said; anywhere where left out.
 * @param pick - Properties to decode, of those that have them; all where left out.
 * @throws TypeError if nothing that is said there has a picked property.
 * @internal
 */
export function notificationDecoder(
  decoder: ValueDecoder,
  schema: FamilySchema,
  groups?: readonly string[],
  pick?: readonly string[],
): NotificationDecoder {
  const codecs = pickedCodecs(codecsByCommand(schema, groups), pick, schema.source);
  const generic = schema.generic !== undefined;
  return (message) => {
    const command = generic ? message.payload[0] : message.type;
    const codec = command === undefined ? undefined : codecs.get(command);
    if (codec === undefined) {
      decoder.note(`notification ${command ?? 'without a command'} of group ${message.group} has no name`, message);
      return undefined;
    }
    const { group, flags, nsid } = message;
    const notification = { op: codec.operation.name, value: decoder.decode(codec, message), group };
    if ((flags & (MessageFlags.Replace | MessageFlags.Append)) === 0 && nsid === undefined) return notification;
    return {
      ...notification,
      ...((flags & MessageFlags.Replace) === 0 ? {} : { replace: true }),
      ...((flags & MessageFlags.Append) === 0 ? {} : { append: true }),
      ...(nsid === undefined ? {} : { nsid }),
    };
  };
}

function codecsByCommand(schema: FamilySchema, groups?: readonly string[]): ReadonlyMap<number, OperationCodec> {
  const codecs = new Map<number, OperationCodec>();
  for (const { name, command, groups: own } of schema.operations) {
    if (command === undefined) continue;
    if (groups === undefined || own === undefined || own.some((group) => groups.includes(group)))
      codecs.set(command, operationCodec(schema, name));
  }
  return codecs;
}

function checkGroupName(schema: FamilySchema, name: string): void {
  const names = schema.groups.map((group) => group.name);
  if (names.includes(name)) return;
  const offer = names.length === 0 ? 'and no other' : `only ${names.join(', ')}`;
  throw new TypeError(`${schema.source} has no group '${name}', ${offer}${suggestion(name, names, '; ')}`);
}
