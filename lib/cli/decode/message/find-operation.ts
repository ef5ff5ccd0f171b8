import type { FamilySchema } from '../../../schema/index.js';
import { ofIdentifiedFamilies, operationNumber, operationsOf } from '../../../schema/internal.js';
import { MessageFlags, type Message } from '../../../wire/index.js';
import type { FoundOperation } from './request-log.js';

/**
 * Finds the operation of a message among the families that it may belong to.
 *
 * The number alone does not identify it: the kernel uses the number of a request also for its notification and for the replies to
 * others, and two families of a protocol may share one.
 *
 * @param isRequest - The message was sent to the kernel.
 * @param asked - The operation of the request that the message answers, if the log has it.
 */
export function findOperation(
  message: Message,
  schemas: readonly FamilySchema[],
  isRequest: boolean,
  asked: FoundOperation | undefined,
): FoundOperation | undefined {
  const candidates = schemas.flatMap((schema) => {
    const number = operationNumber(schema, message);
    return operationsOf(schema, message).map((operation) => {
      const { do: doing, dump, command } = operation;
      return {
        schema,
        operation,
        isRequest: doing?.request === number || dump?.request === number,
        isReply: doing?.reply === number || dump?.reply === number,
        isNotification: command === number,
      };
    });
  });
  const found = ofIdentifiedFamilies(candidates);
  const reply = found.find(({ isReply }) => isReply);
  const request = found.find(({ isRequest }) => isRequest);
  const notification = found.find(({ isNotification }) => isNotification);
  if (isRequest) return request ?? notification;
  // Without its request, a part of a dump is a reply, and another message an event.
  const isPart = (message.flags & MessageFlags.Multi) !== 0;
  return (
    found.find(({ operation, isReply }) => isReply && operation === asked?.operation) ??
    (isPart ? reply : notification) ??
    notification ??
    reply ??
    request ??
    // The kernel sends the rows of gtp with the number of the family as command.
    (asked !== undefined && schemas.includes(asked.schema) ? asked : undefined)
  );
}
