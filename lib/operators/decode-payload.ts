import { map, type OperatorFunction } from 'rxjs';
import { kindOf } from '../check/index.js';
import { operationCodec } from '../schema/index.js';
import type {
  DoName,
  DoReply,
  DumpName,
  DumpReply,
  EventName,
  EventOf,
  FamilySchema,
  FamilyTypes,
  TypedFamilySchema,
} from '../schema/index.js';
import type { Message } from '../wire/index.js';

/** The type of the values that an operation or a notification delivers. @public */
export type PayloadOf<Family extends FamilyTypes, Name extends string> =
  Name extends DumpName<Family>
    ? DumpReply<Family, Name>
    : Name extends DoName<Family>
      ? NonNullable<DoReply<Family, Name>>
      : Name extends keyof Family['notifications']
        ? Family['notifications'][Name]
        : Name extends EventName<Family>
          ? EventOf<Family, Name>
          : never;

/**
 * Decodes messages into typed values.
 *
 * All messages must belong to the operation: filter the stream first, also acks and DONE.
 *
 * ```text
 * source:  --a--b--|     two RTM_NEWLINK messages
 *          decodePayload(rtLinkSchema, 'getlink')
 * result:  --x--y--|     x, y = plain objects: { ifiIndex: 1, ifname: 'lo', ... }
 * source:  ^-------!
 * ```
 *
 * @param schema - A family's descriptor.
 * @param operation - The kernel's name of an operation, a notification or an event.
 * @returns An operator from messages to values.
 * @throws {@link DecodeError} as the error signal, if a message does not have the form that the schema requires.
 * @throws TypeError if the family has no such operation.
 * @example Names of new links
 * ```ts
 * socket.multicast(1).pipe(ofType(16), decodePayload(rtLinkSchema, 'getlink'), map((link) => link.ifname));
 * ```
 * @public
 */
export function decodePayload<
  Family extends FamilyTypes,
  Name extends DumpName<Family> | DoName<Family> | (keyof Family['notifications'] & string) | EventName<Family>,
>(schema: TypedFamilySchema<Family>, operation: Name): OperatorFunction<Message, PayloadOf<Family, Name>>;
/** Decodes messages with a descriptor that is known only at run time. @public */
export function decodePayload(schema: FamilySchema, operation: string): OperatorFunction<Message, object>;
export function decodePayload(schema: FamilySchema, operation: string): OperatorFunction<Message, object> {
  if (!Array.isArray((schema as Partial<FamilySchema> | undefined)?.operations))
    throw new TypeError(`decodePayload(): schema must be the descriptor of a family, e.g. rtLinkSchema, not ${kindOf(schema)}`);
  const codec = operationCodec(schema, operation);
  return map((message) => codec.decode(message));
}
