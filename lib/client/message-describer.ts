import { describeAttributes, secretRanges, type FamilySchema, type OperationSchema } from '../schema/index.js';
import { modeOf, operationsOf, shapeOf } from '../schema/internal.js';
import type { NetlinkSocket } from '../socket/index.js';
import type { MessageDescriber } from '../socket/internal.js';
import { GENERIC_HEADER_SIZE, MESSAGE_HEADER_SIZE, MessageType, alignLength, type Message } from '../wire/index.js';
import { genericFamilies } from './generic-family.js';

/** The describers of families that are not generic: their message types are the same on all sockets. */
const describers = new WeakMap<FamilySchema, MessageDescriber>();

/** Returns the describer of a family for a socket. @internal */
export function familyDescriber(schema: FamilySchema, socket: NetlinkSocket): MessageDescriber {
  if (schema.generic !== undefined) return messageDescriber(schema, () => genericFamilies(socket).idOf(schema.name));
  let describer = describers.get(schema);
  if (describer === undefined) describers.set(schema, (describer = messageDescriber(schema, () => undefined)));
  return describer;
}

/**
 * Creates the describer that names a family's messages and attributes in traces, and marks key material.
 *
 * @param idOf - Returns the message type of a generic family; undefined until it was looked up. No message of it arrives before that.
 * @internal
 */
export function messageDescriber(schema: FamilySchema, idOf: () => number | undefined): MessageDescriber {
  const generic = schema.generic !== undefined;
  let id: number | undefined;
  return (message) => {
    if (message.type < MessageType.Minimum) return undefined;
    // While a family is looked up again, its last message type stays valid.
    id = idOf() ?? id;
    if (generic && message.type !== id) return undefined;
    const [operation] = operationsOf(schema, message);
    if (operation === undefined) return undefined;
    const { fixedHeader } = shapeOf(operation, modeOf(operation, message.flags));
    const header = schema.structs.find(({ name }) => name === fixedHeader)?.size ?? 0;
    const names = attributeNames(schema, operation, message);
    return {
      operation: operation.name,
      fixedHeaderSize: alignLength(header) + (generic ? GENERIC_HEADER_SIZE : 0),
      describe: (types) => names.get(types.join('.')),
      secrets: secretRanges(schema, operation.name, message.bytes),
    };
  };
}

/** Returns the names of attributes by the path of types that leads to each, `18.2.1`. */
function attributeNames(schema: FamilySchema, { name }: OperationSchema, message: Message): Map<string, { name: string; nested: boolean }> {
  const names = new Map<string, { name: string; nested: boolean }>();
  if (message.length === MESSAGE_HEADER_SIZE) return names;
  const path: number[] = [];
  for (const attribute of describeAttributes(schema, name, message.bytes)) {
    path.length = attribute.depth;
    path.push(attribute.type);
    if (attribute.name !== undefined) names.set(path.join('.'), { name: attribute.name, nested: attribute.inner !== undefined });
  }
  return names;
}
