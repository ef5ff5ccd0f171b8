import { namedError } from '../../../client/internal.js';
import { DecodeError, type KernelError } from '../../../errors/index.js';
import { kernelErrorOf } from '../../../exchange/index.js';
import { omitUndefined } from '../../../check/index.js';
import { operationCodec, secretRanges, unknownAttributes, type FamilySchema, type OperationSchema } from '../../../schema/index.js';
import { modeOf, operationNumber, operationsOf } from '../../../schema/internal.js';
import { operationName } from '../../../socket/internal.js';
import { MESSAGE_HEADER_SIZE, MessageFlags, MessageType, Protocol, decodeAck, iterateMessages, type Message } from '../../../wire/index.js';
import { hexText, hiddenHex } from '../../../wire/internal.js';
import type { LoggedDatagram } from '../input/logged-datagram.js';
import { protocolName } from '../protocol-names.js';
import type { DecodedMessage, MessageKind, ReportedError } from './decoded-message.js';
import type { FamilyCatalog } from './family-catalog.js';
import { flagNames } from './flag-names.js';
import { plainValue } from './plain-value.js';
import { RequestLog, type FoundOperation } from './request-log.js';

/** Names the messages of a log. It remembers requests: they decide what a reply or an error belongs to. */
export class MessageDecoder {
  readonly #catalog: FamilyCatalog;
  readonly #requests = new RequestLog();

  constructor(catalog: FamilyCatalog) {
    this.#catalog = catalog;
  }

  /**
   * Returns the messages of a datagram.
   *
   * @throws Error with the place of the datagram, if a length in it is wrong; `decoded` has the messages before it.
   */
  async decode(datagram: LoggedDatagram, decoded: (message: DecodedMessage) => void): Promise<void> {
    const { bytes, protocol, place } = datagram;
    if (protocol === Protocol.KobjectUevent) {
      decoded(textMessage(datagram));
      return;
    }
    if (bytes.byteLength < MESSAGE_HEADER_SIZE) {
      throw new Error(`${place}: expected a message of at least ${MESSAGE_HEADER_SIZE} bytes, got ${bytes.byteLength}`);
    }
    try {
      for (const message of iterateMessages(bytes, datagram)) decoded(await this.#decodeMessage(message, datagram));
    } catch (error) {
      throw error instanceof DecodeError ? new Error(`${place}: ${error.message}`) : error;
    }
  }

  async #decodeMessage(message: Message, datagram: LoggedDatagram): Promise<DecodedMessage> {
    const { protocol } = datagram;
    const { type, flags } = message;
    const direction = datagram.direction ?? ((flags & MessageFlags.Request) === 0 ? 'received' : 'sent');
    if (protocol === Protocol.Generic) this.#catalog.learn(message);
    // The connector sends its messages as NLMSG_DONE.
    if (type < MessageType.Minimum && protocol !== Protocol.Connector) return this.#status(message, datagram, direction);
    const asked = this.#requests.find(message, datagram);
    const found = await this.#find(message, protocol, asked);
    const isRequest = direction === 'sent' || (flags & MessageFlags.Request) !== 0;
    if (isRequest) this.#requests.add(message, datagram, found);
    if (found === undefined) return this.#unknown(message, datagram, direction);
    const { schema, operation } = found;
    const mode = isRequest ? modeOf(operation, flags) : undefined;
    const requestMode = mode === 'do' || mode === 'dump' ? mode : undefined;
    const kind = isRequest ? 'request' : operation.command === operationNumber(schema, message) ? 'notification' : 'reply';
    return {
      ...head(message, datagram, direction, kind, operation.name, requestMode),
      family: schema.name,
      operation: operation.name,
      mode: requestMode,
      ...contents(found, message, requestMode),
    };
  }

  /** Finds the operation of a message: that of its request, if the kernel answers it with this number. */
  async #find(message: Message, protocol: number, asked: FoundOperation | undefined): Promise<FoundOperation | undefined> {
    for (const schema of await this.#catalog.schemasOf(protocol, message.type)) {
      const operations = operationsOf(schema, message);
      const number = operationNumber(schema, message);
      const isReply = ({ do: doing, dump }: OperationSchema): boolean => doing?.reply === number || dump?.reply === number;
      const isAsked = ({ do: doing, dump }: OperationSchema): boolean => doing?.request === number || dump?.request === number;
      const isSent = ({ command }: OperationSchema): boolean => command === number;
      const operation =
        (message.flags & MessageFlags.Request) !== 0
          ? (operations.find(isAsked) ?? operations.find(isSent))
          : (operations.find((one) => one === asked?.operation && isReply(one)) ??
            // Rows of a dump whose request the log does not have.
            ((message.flags & MessageFlags.Multi) === 0 ? undefined : operations.find(isReply)) ??
            operations.find(isSent) ??
            operations.find(isReply) ??
            operations.find(isAsked));
      if (operation !== undefined) return { schema, operation };
    }
    return undefined;
  }

  async #unknown(message: Message, datagram: LoggedDatagram, direction: 'sent' | 'received'): Promise<DecodedMessage> {
    const { protocol } = datagram;
    const family = protocol === Protocol.Generic ? ((await this.#catalog.nameOf(message.type)) ?? String(message.type)) : undefined;
    const operation = protocol === Protocol.Generic ? `command ${message.payload[0] ?? '-'}` : operationName(protocol, message.type);
    const isRequest = (message.flags & MessageFlags.Request) !== 0;
    return {
      ...head(message, datagram, direction, isRequest ? 'request' : 'unknown', operation, undefined),
      family,
      operation,
      payload: hexText(message.payload),
    };
  }

  /** Decodes an ack, an error, the end of a dump, or one of the messages without contents. */
  async #status(message: Message, datagram: LoggedDatagram, direction: 'sent' | 'received'): Promise<DecodedMessage> {
    const { type } = message;
    if (type !== MessageType.Error && type !== MessageType.Done) {
      const kind = type === MessageType.Overrun ? 'overrun' : type === MessageType.Noop ? 'noop' : 'unknown';
      return head(message, datagram, direction, kind, undefined, undefined);
    }
    const request = this.#requests.requestOf(message, datagram);
    const found = request?.found ?? (request === undefined ? undefined : await this.#find(request.message, datagram.protocol, undefined));
    const name = found?.operation.name ?? (request === undefined ? undefined : operationName(datagram.protocol, request.message.type));
    let error: ReportedError | undefined;
    let fault: string | undefined;
    try {
      error = reportedError(message, found, name, request?.message.bytes);
    } catch (reason) {
      if (!(reason instanceof DecodeError)) throw reason;
      fault = reason.message;
    }
    const failed = error !== undefined && error.errno !== 0;
    const kind = failed ? 'error' : type === MessageType.Done ? 'done' : 'ack';
    return { ...head(message, datagram, direction, kind, name, undefined), family: found?.schema.name, operation: name, error, fault };
  }
}

/** Returns the fields of the header. */
function head(
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

/** Decodes the payload; a payload that does not fit its descriptor is kept as hexadecimal digits. */
function contents(
  { schema, operation }: FoundOperation,
  message: Message,
  mode: 'do' | 'dump' | undefined,
): Pick<DecodedMessage, 'value' | 'unknown' | 'payload' | 'fault'> {
  const codec = operationCodec(schema, operation.name);
  try {
    const value = mode === undefined ? codec.decode(message) : codec.decodeRequest(message.payload, mode);
    const unknown = unknownAttributes(value).map(({ path, attribute: { type, payload } }) => ({
      path,
      type,
      bytes: String(plainValue(payload)),
    }));
    return { value: plainValue(value), ...(unknown.length === 0 ? {} : { unknown }) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const secrets = secretRanges(schema, operation.name, message.bytes);
    return { fault: error.message, payload: hiddenHex(message.payload, MESSAGE_HEADER_SIZE, secrets) };
  }
}

/** Returns the error of an ERROR or a DONE message, or the warning of an ack; undefined if it has neither. */
function reportedError(
  message: Message,
  found: FoundOperation | undefined,
  name: string | undefined,
  request: Uint8Array | undefined,
): ReportedError | undefined {
  const { errno, extendedAck } = decodeAck(message);
  const isExplained = Object.keys(extendedAck).length > 0;
  // The number in a DONE can be positive: the bytes of the last part of the dump.
  if (errno > 0 && message.type === MessageType.Done) return undefined;
  if (errno === 0) {
    if (!isExplained) return undefined;
    return { code: 'OK', errno, message: extendedAck.message ?? '', extendedAck: plainValue(extendedAck) };
  }
  const plain = kernelErrorOf(message, name ?? '', request);
  const error = found === undefined ? plain : (namedError(plain, found.schema, found.operation.name) as KernelError);
  return {
    code: error.code,
    errno,
    message: error.message,
    ...(isExplained ? { extendedAck: plainValue(error.extendedAck) } : {}),
  };
}

/** A uevent has no netlink header: it consists of lines, each ended by a NUL. */
function textMessage({ bytes, time, process, protocol, direction = 'received', group }: LoggedDatagram): DecodedMessage {
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
