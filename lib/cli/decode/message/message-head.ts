import { omitUndefined } from '../../../check/index.js';
import type { Message } from '../../../wire/index.js';
import type { LoggedDatagram } from '../input/logged-datagram.js';
import { protocolName } from '../protocol-names.js';
import type { DecodedMessage, MessageKind } from './decoded-message.js';
import { flagNames } from './flag-names.js';

/** Returns the fields of the header. */
export function head(
  message: Message,
  { time, process, protocol }: LoggedDatagram,
  direction: 'sent' | 'received',
  kind: MessageKind,
  operation: string | undefined,
  mode: 'do' | 'dump' | undefined,
): DecodedMessage {
  const { type, flags, sequence, portId, group } = message;
  return {
    ...omitUndefined({ time, process }),
    direction,
    protocol: protocolName(protocol),
    kind,
    type,
    flags: flagNames(flags, kind, operation, mode),
    sequence,
    portId,
    ...omitUndefined({ group: group === 0 ? undefined : group }),
  };
}

/** A uevent has no netlink header: it consists of lines, each ended by a NUL. */
export function textMessage({ bytes, time, process, protocol, direction = 'received', group }: LoggedDatagram): DecodedMessage {
  const value = new TextDecoder().decode(bytes).split('\0').filter(Boolean);
  return {
    ...omitUndefined({ time, process }),
    direction,
    protocol: protocolName(protocol),
    kind: 'text',
    type: 0,
    flags: [],
    sequence: 0,
    portId: 0,
    ...omitUndefined({ group: group === 0 ? undefined : group }),
    value,
  };
}
