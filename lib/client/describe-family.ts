import { describeAttributes, type FamilySchema, type OperationSchema } from '../schema/index.js';
import type { MessageDescriber } from '../socket/index.js';
import { GENERIC_HEADER_SIZE, MESSAGE_HEADER_SIZE, MessageType, type Message } from '../wire/index.js';

/**
 * Names a family's messages and attributes in traces.
 *
 * Generic families share message types, so for them only the command tells: a wrong name may stand beside a message of
 * another family on a socket that several share, never a wrong value.
 *
 * @internal
 */
export function describeFamily(schema: FamilySchema): MessageDescriber {
  const operations = operationsByNumber(schema);
  const generic = schema.generic !== undefined;
  return (message) => {
    const operation = message.type < MessageType.Minimum ? undefined : operations.get(generic ? (message.payload[0] ?? -1) : message.type);
    if (operation === undefined) return undefined;
    const header = schema.structs.find(({ name }) => name === operation.fixedHeader)?.size ?? 0;
    const names = attributeNames(schema, operation, message);
    return {
      operation: operation.name,
      fixedHeaderSize: ((header + 3) & ~3) + (generic ? GENERIC_HEADER_SIZE : 0),
      describe: (types) => names.get(types.join('.')),
    };
  };
}

function operationsByNumber({ operations }: FamilySchema): ReadonlyMap<number, OperationSchema> {
  const byNumber = new Map<number, OperationSchema>();
  for (const operation of operations) {
    const { command, do: doing, dump } = operation;
    for (const number of [command, doing?.request, dump?.request, doing?.reply, dump?.reply]) {
      if (number !== undefined && !byNumber.has(number)) byNumber.set(number, operation);
    }
  }
  return byNumber;
}

/** Names by the types that lead to an attribute, `18.2.1`. */
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
