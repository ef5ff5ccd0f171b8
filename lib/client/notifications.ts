import { Observable, filter, merge, mergeMap, of, switchMap, tap, type OperatorFunction } from 'rxjs';
import { FamilyNotFoundError } from '../errors/index.js';
import { suggestion } from '../check/index.js';
import { operationCodec, type FamilySchema, type OperationCodec } from '../schema/index.js';
import { messageCheck } from '../schema/internal.js';
import type { NetlinkSocket } from '../socket/index.js';
import { MessageFlags, Protocol, type Message } from '../wire/index.js';
import { CONTROLLER_GROUP, genericFamilies, readGenericFamily, type GenericFamily } from './generic-family.js';
import { pickedCodecs } from './picked-row.js';
import type { ValueDecoder } from './value-decoder.js';

/** An unsolicited message from a family. @public */
export interface FamilyNotification<Op extends string = string, Value = unknown> {
  /** The kernel's name of the notification or event. */
  readonly op: Op;
  /** The decoded payload: the properties of the notification's attribute set. */
  readonly value: Value;
  /** Number of the multicast group to which the kernel sent it. */
  readonly group: number;
  /** True if the change replaced an object (`NLM_F_REPLACE`) and the kernel reports that. */
  readonly replace?: true;
  /** True if the change added an object at the end of a list (`NLM_F_APPEND`). */
  readonly append?: true;
  /** The network namespace of the message if it is not the socket's own. */
  readonly nsid?: number;
}

/** Message types of the controller's own notifications (`CTRL_CMD_NEWFAMILY`, `CTRL_CMD_DELFAMILY`). */
const NEW_FAMILY = 1;
const DEL_FAMILY = 2;

/**
 * Emits the decoded notifications of groups of a family.
 *
 * The groups of a generic family are looked up by name, and again when the family is registered with other numbers.
 *
 * @param socket - The socket that joins the groups: one without large requests.
 * @param pick - Properties to decode of each; all if omitted.
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
    throw new TypeError(
      `${schema.source}: notifications() got no group; expected one of ${schema.groups.map(({ name }) => name).join(', ')}`,
    );
  }
  for (const group of groups) checkGroupName(schema, group);
  const decode = notificationDecoder(decoder, schema, groups, pick);
  if (schema.generic === undefined) {
    const numbers = groups.map((name) => schema.groups.find((group) => group.name === name)?.number ?? 0);
    return merge(...numbers.map((number, index) => joined(socket, number, schema, groups[index]!))).pipe(decodeNotifications(decode));
  }
  return followFamily(socket, schema.name).pipe(
    switchMap((family) => {
      const numbers = groups.map((name) => family.groups.get(name));
      const missing = groups.find((_, index) => numbers[index] === undefined);
      if (missing !== undefined) throw new FamilyNotFoundError(schema.name, `the family has no group '${missing}' in this kernel`);
      return merge(...numbers.map((number, index) => joined(socket, number ?? 0, schema, groups[index]!))).pipe(
        filter(({ type }) => type === family.id),
      );
    }),
    decodeNotifications(decode),
  );
}

/** Joins a group; an error of joining names the family and the group. */
function joined(socket: NetlinkSocket, number: number, { source }: FamilySchema, group: string): Observable<Message> {
  return socket.multicastNamed(number, `${source}: group ${group}`);
}

/** Emits the notification of each message that has a name; one layer, because a storm has very many. @internal */
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

/** Emits a family, and again when it was registered again and its numbers may have changed. */
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
    // Subscribe first, then look up: a family that changes in between is looked up again.
    subscriber.add(returned.pipe(switchMap(() => families.resolve(name))).subscribe(subscriber));
    subscriber.add(
      families.resolve(name).subscribe({ next: (family) => subscriber.next(family), error: (error: unknown) => subscriber.error(error) }),
    );
  });
}

/** Decodes a notification; undefined if the family has no name for it. @internal */
export type NotificationDecoder = (message: Message) => FamilyNotification | undefined;

/**
 * Creates the decoder of a family's unsolicited messages; it skips those without a name.
 *
 * @param groups - The groups that are joined; all if omitted.
 * @param pick - Properties to decode, of the notifications that have them; all if omitted.
 * @throws TypeError if no notification in the groups has a picked property.
 * @internal
 */
export function notificationDecoder(
  decoder: ValueDecoder,
  schema: FamilySchema,
  groups?: readonly string[],
  pick?: readonly string[],
): NotificationDecoder {
  const codecs =
    pick === undefined ? wholeCodecs(schema, groups) : codecsByCommand(schema, pickedCodecs(codecsIn(schema, groups), pick, schema.source));
  const generic = schema.generic !== undefined;
  return (message) => {
    const command = generic ? message.payload[0] : message.type;
    const codec = command === undefined ? undefined : codecs.get(command)?.(message);
    if (codec === undefined) {
      decoder.note(`notification ${command ?? 'without a command'} of group ${message.group} has no name`, message);
      return undefined;
    }
    const { group, flags, nsid } = message;
    const notification: { -readonly [Key in keyof FamilyNotification]: FamilyNotification[Key] } = {
      op: codec.operation.name,
      value: decoder.decode(codec, message),
      group,
    };
    if ((flags & MessageFlags.Replace) !== 0) notification.replace = true;
    if ((flags & MessageFlags.Append) !== 0) notification.append = true;
    if (nsid !== undefined) notification.nsid = nsid;
    return notification;
  };
}

/** Returns the codecs of the notifications in some groups, by name. */
function codecsIn(schema: FamilySchema, groups?: readonly string[]): ReadonlyMap<string, OperationCodec> {
  const codecs = new Map<string, OperationCodec>();
  for (const { name, command, groups: own, unicast } of schema.operations) {
    if (command === undefined || unicast === true) continue;
    if (groups === undefined || own === undefined || own.some((group) => groups.includes(group)))
      codecs.set(name, operationCodec(schema, name));
  }
  return codecs;
}

/** The functions that find the codecs of whole notifications, by the names of the groups: all clients of a family share them. */
const wholes = new WeakMap<FamilySchema, Map<string, ReadonlyMap<number, FindCodec>>>();

function wholeCodecs(schema: FamilySchema, groups?: readonly string[]): ReadonlyMap<number, FindCodec> {
  let known = wholes.get(schema);
  if (known === undefined) wholes.set(schema, (known = new Map<string, ReadonlyMap<number, FindCodec>>()));
  const name = groups?.join() ?? '';
  let codecs = known.get(name);
  if (codecs === undefined) known.set(name, (codecs = codecsByCommand(schema, codecsIn(schema, groups))));
  return codecs;
}

/** Finds the codec of a message; undefined if its header belongs to no notification. */
type FindCodec = (message: Message) => OperationCodec | undefined;

/** Returns the functions that find codecs, by the number of the notification. */
function codecsByCommand(schema: FamilySchema, codecs: ReadonlyMap<string, OperationCodec>): ReadonlyMap<number, FindCodec> {
  const found = new Map<number, FindCodec>();
  for (const codec of codecs.values()) {
    const { operation } = codec;
    const { command = 0 } = operation;
    const check = messageCheck(schema, operation, 'notify');
    const others = found.get(command);
    if (check === undefined) found.set(command, others === undefined ? () => codec : (message) => others(message) ?? codec);
    else found.set(command, (message) => (check(message.payload) ? codec : others?.(message)));
  }
  return found;
}

function checkGroupName(schema: FamilySchema, name: string): void {
  const names = schema.groups.map((group) => group.name);
  if (names.includes(name)) return;
  const expected = names.length === 0 ? 'the family has none' : `expected one of ${names.join(', ')}`;
  throw new TypeError(`${schema.source}: unknown group '${name}'; ${expected}${suggestion(name, names, '; ')}`);
}
