import { MESSAGE_HEADER_SIZE, MessageFlags } from '../../wire/index.js';
import { halfAt } from '../codec/decode-primitives.js';
import type { OperationSchema, ShapeSchema } from './descriptor.js';

/** The offset of `nlmsg_flags` in a netlink header. */
const FLAGS_OFFSET = 6;

/** Selects one of an operation's messages: a request, or a message that the kernel would send (`reply`, `notify`). @public */
export type OperationMode = 'do' | 'dump' | 'reply' | 'notify';

/** Returns the header and the set of an operation's messages. @internal */
export function shapeOf(operation: OperationSchema, mode: OperationMode): ShapeSchema {
  const input = mode === 'do' || mode === 'dump' ? operation[mode]?.input : undefined;
  return input ?? operation;
}

/**
 * Returns the mode of a message by its flags: only requests have `NLM_F_REQUEST`.
 *
 * `NLM_F_DUMP` has the bits of other flags of a do, so it counts only for operations with a dump.
 *
 * @internal
 */
export function modeOf({ do: doing, dump, command }: OperationSchema, flags: number): OperationMode {
  if ((flags & MessageFlags.Request) === 0) return command === undefined ? 'reply' : 'notify';
  const isDump = dump !== undefined && (doing === undefined || (flags & MessageFlags.Dump) === MessageFlags.Dump);
  return isDump ? 'dump' : 'do';
}

/** Returns the mode of a message with its netlink header; see {@link modeOf}. @internal */
export function modeOfMessage(operation: OperationSchema, message: Uint8Array): OperationMode {
  return modeOf(operation, message.byteLength < MESSAGE_HEADER_SIZE ? 0 : halfAt(message, FLAGS_OFFSET));
}
