import { namedError } from '../../../client/internal.js';
import { DecodeError, type KernelError } from '../../../errors/index.js';
import { kernelErrorOf } from '../../../exchange/index.js';
import { modeOf, operationNumber } from '../../../schema/internal.js';
import { operationName } from '../../../socket/internal.js';
import {
  MESSAGE_HEADER_SIZE,
  MessageFlags,
  MessageType,
  Protocol,
  decodeAck,
  iterateMessages,
  messageTypeText,
  type Message,
} from '../../../wire/index.js';
import type { LoggedDatagram } from '../input/logged-datagram.js';
import type { DecodedMessage, ReportedError } from './decoded-message.js';
import type { FamilyCatalog } from './family-catalog.js';
import { head, textMessage } from './message-head.js';
import { findOperation } from './find-operation.js';
import { contents, rawContents } from './message-contents.js';
import { plainValue } from './plain-value.js';
import { RequestLog, type FoundOperation, type MessageNames } from './request-log.js';

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
      if (!(error instanceof DecodeError)) throw error;
      // The kernel ignores what follows the last message: ip sends some requests in a buffer of a fixed size.
      const { offset } = error;
      if (offset > 0 && bytes.subarray(offset).every((byte) => byte === 0)) return;
      throw new Error(`${place}: ${error.message}`);
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
    // Programs send requests of the connector without flags.
    const isRequest = direction === 'sent' || (flags & MessageFlags.Request) !== 0;
    const found = await this.#find(message, protocol, isRequest, asked);
    const names =
      found === undefined ? await this.#namesOf(message, protocol) : { family: found.schema.name, operation: found.operation.name };
    if (isRequest) this.#requests.add(message, datagram, found, names);
    if (found === undefined) {
      const kind = isRequest ? 'request' : 'unknown';
      return { ...head(message, datagram, direction, kind, names.operation, undefined), ...names, ...rawContents(message, protocol) };
    }
    const { schema, operation } = found;
    const mode = isRequest ? modeOf(operation, flags) : undefined;
    const requestMode = mode === 'do' || mode === 'dump' ? mode : undefined;
    const kind = isRequest ? 'request' : operation.command === operationNumber(schema, message) ? 'notification' : 'reply';
    return {
      ...head(message, datagram, direction, kind, operation.name, requestMode),
      ...names,
      mode: requestMode,
      ...contents(found, message, requestMode),
    };
  }

  /** Finds the operation of a message: that of its request, if the kernel answers it with this number. */
  async #find(message: Message, protocol: number, isRequest: boolean, asked?: FoundOperation): Promise<FoundOperation | undefined> {
    return findOperation(message, await this.#catalog.schemasOf(protocol, message.type), isRequest, asked);
  }

  /** Returns the names of a message without a descriptor: the kernel's name of its family, and a number. */
  async #namesOf(message: Message, protocol: number): Promise<MessageNames> {
    if (protocol !== Protocol.Generic) return { operation: nameOf(protocol, message.type) };
    const family = (await this.#catalog.nameOf(message.type)) ?? `family ${message.type}`;
    return { family, operation: `command ${message.payload[0] ?? '-'}` };
  }

  /** Decodes an ack, an error, the end of a dump, or one of the messages without contents. */
  async #status(message: Message, datagram: LoggedDatagram, direction: 'sent' | 'received'): Promise<DecodedMessage> {
    const { type } = message;
    if (type !== MessageType.Error && type !== MessageType.Done) {
      const kind = type === MessageType.Overrun ? 'overrun' : type === MessageType.Noop ? 'noop' : 'unknown';
      return head(message, datagram, direction, kind, undefined, undefined);
    }
    const request = this.#requests.requestOf(message, datagram);
    const echoed = request?.names === undefined ? request?.message : undefined;
    const found = request?.found ?? (echoed === undefined ? undefined : await this.#find(echoed, datagram.protocol, true));
    const names =
      found === undefined
        ? (request?.names ?? (echoed === undefined ? {} : await this.#namesOf(echoed, datagram.protocol)))
        : { family: found.schema.name, operation: found.operation.name };
    let error: ReportedError | undefined;
    let fault: string | undefined;
    try {
      error = reportedError(message, found, names.operation, request?.message.bytes);
    } catch (reason) {
      if (!(reason instanceof DecodeError)) throw reason;
      fault = reason.message;
    }
    const failed = error !== undefined && error.errno !== 0;
    const kind = failed ? 'error' : type === MessageType.Done ? 'done' : 'ack';
    return { ...head(message, datagram, direction, kind, names.operation, undefined), ...names, error, fault };
  }
}

/** Returns the name of a message type without a descriptor: `noop`, `getstats`, `type 20`. */
function nameOf(protocol: number, type: number): string {
  return type < MessageType.Minimum ? messageTypeText(type) : operationName(protocol, type);
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
