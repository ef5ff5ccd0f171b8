import { Observable, filter, map, switchMap } from 'rxjs';
import { suggestion } from '../check/index.js';
import { KernelError } from '../errors/index.js';
import { operationCodec, type FamilySchema } from '../schema/index.js';
import type { NetlinkSocket } from '../socket/index.js';
import { KERNEL_ORIGIN, MESSAGE_HEADER_SIZE, Message, MessageType, decodeAck, echoedRequest, locateAttribute } from '../wire/index.js';
import { Frame } from '../wire/internal.js';
import { namedError } from './advice/named-error.js';
import { genericFamilies } from './generic-family.js';
import type { ValueDecoder } from './value-decoder.js';

/**
 * Emits the values of an event that the kernel sends to the socket itself, and to no group.
 *
 * @param socket - The socket whose port ID the kernel knows: the one that asked for the events.
 * @param pick - Properties to decode of each; all if omitted.
 * @throws TypeError if the family has no such event.
 * @internal
 */
export function familyEvents(
  socket: NetlinkSocket,
  schema: FamilySchema,
  decoder: ValueDecoder,
  op: string,
  pick?: readonly string[],
): Observable<object> {
  const names = schema.operations.filter(({ unicast }) => unicast === true).map(({ name }) => name);
  if (!names.includes(op)) {
    const expected = names.length === 0 ? 'the family has none' : `expected one of ${names.join(', ')}`;
    throw new TypeError(`${schema.source}: events: '${op}' is not an event for one socket; ${expected}${suggestion(op, names, '; ')}`);
  }
  const whole = operationCodec(schema, op);
  const codec = pick === undefined ? whole : whole.pick(pick);
  const { command } = whole.operation;
  // One layer between the socket and the subscriber: a queue delivers very many packets.
  const values = (isEvent: (message: Message) => boolean): Observable<object> =>
    new Observable((subscriber) =>
      socket.unsolicited.subscribe({
        next: (message) => {
          if (!isEvent(message)) return;
          let value: object;
          try {
            value = decoder.decode(codec, message);
          } catch (error) {
            subscriber.error(error);
            return;
          }
          subscriber.next(value);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  if (schema.generic === undefined) return values(({ type }) => type === command);
  return genericFamilies(socket)
    .resolve(schema.name)
    .pipe(switchMap(({ id }) => values(({ type, payload }) => type === id && payload[0] === command)));
}

/** Emits the errors with which the kernel rejects requests of a family that `send()` sent. @internal */
export function familySendErrors(socket: NetlinkSocket, schema: FamilySchema): Observable<KernelError> {
  const operations = new Map(
    schema.operations.flatMap(({ name, do: mode }) => (mode === undefined ? [] : [[mode.request, name] as const])),
  );
  return socket.unsolicited.pipe(
    map((message) => sendError(message, schema, operations, genericFamilies(socket).idOf(schema.name))),
    filter((error) => error !== undefined),
  );
}

/** Returns the error of an ERROR message that echoes a request of the family; undefined for any other message. */
function sendError(
  message: Message,
  schema: FamilySchema,
  operations: ReadonlyMap<number, string>,
  id: number | undefined,
): KernelError | undefined {
  const request = message.type === MessageType.Error ? echoedRequest(message) : undefined;
  if (request === undefined) return undefined;
  const { errno, extendedAck } = decodeAck(message);
  const { type } = new Message(Frame.of(request), 0, KERNEL_ORIGIN);
  // A capped ack of a generic family does not contain the command.
  const number = schema.generic === undefined ? type : type === id ? request[MESSAGE_HEADER_SIZE] : undefined;
  const operation = number === undefined ? undefined : operations.get(number);
  if (errno === 0 || operation === undefined) return undefined;
  const error = new KernelError({ errno, operation, request, extendedAck: locateAttribute(extendedAck, request) });
  return namedError(error, schema, operation) as KernelError;
}
