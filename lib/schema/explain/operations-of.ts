import { MessageFlags } from '../../wire/index.js';
import type { FamilySchema, OperationSchema } from '../descriptor/descriptor.js';
import { modeOf } from '../descriptor/message-shape.js';
import { messageCheck } from '../decode/header-field.js';

/** The parts of a message that identify its operation. @internal */
export interface NumberedMessage {
  readonly type: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** The tables of families: a program that watches many namespaces has a client of a family in each. */
const indexes = new WeakMap<FamilySchema, ReadonlyMap<number, readonly OperationSchema[]>>();

/** Returns the number of a message: the command of a generic family, or the message type. @internal */
export function operationNumber({ generic }: FamilySchema, { type, payload }: NumberedMessage): number {
  return generic === undefined ? type : (payload[0] ?? -1);
}

/**
 * Returns the operations that have the number of a message, in a request, a reply or a notification.
 *
 * Those that a field of the header identifies come first. The message belongs to the family: the caller has compared the protocol, and
 * the message type of a generic family.
 *
 * @internal
 */
export function operationsOf(schema: FamilySchema, message: NumberedMessage): readonly OperationSchema[] {
  let index = indexes.get(schema);
  if (index === undefined) indexes.set(schema, (index = operationsByNumber(schema)));
  const { flags, payload } = message;
  const number = operationNumber(schema, message);
  const known = index.get(number) ?? [];
  // The number of a request may also be that of another operation's reply, which can have other attributes and other secrets.
  const asked =
    (flags & MessageFlags.Request) === 0
      ? []
      : known.filter(({ do: doing, dump }) => doing?.request === number || dump?.request === number);
  return (asked.length > 0 ? asked : known).filter(
    (operation) => messageCheck(schema, operation, modeOf(operation, flags))?.(payload) ?? true,
  );
}

function operationsByNumber({ operations }: FamilySchema): ReadonlyMap<number, readonly OperationSchema[]> {
  const byNumber = new Map<number, OperationSchema[]>();
  const sorted = [...operations.filter(({ when }) => when !== undefined), ...operations.filter(({ when }) => when === undefined)];
  for (const operation of sorted) {
    const { command, do: doing, dump } = operation;
    for (const number of new Set([command, doing?.request, dump?.request, doing?.reply, dump?.reply])) {
      if (number === undefined) continue;
      const others = byNumber.get(number);
      if (others === undefined) byNumber.set(number, [operation]);
      else others.push(operation);
    }
  }
  return byNumber;
}
