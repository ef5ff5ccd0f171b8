import type { FamilySchema, OperationSchema } from '../../../schema/index.js';
import { KERNEL_ORIGIN, Message, echoedRequest } from '../../../wire/index.js';
import { Frame } from '../../../wire/internal.js';
import type { LoggedDatagram } from '../input/logged-datagram.js';

/** The operation of a message. */
export interface FoundOperation {
  readonly schema: FamilySchema;
  readonly operation: OperationSchema;
}

/** The names of a message, as far as they are known. */
export interface MessageNames {
  readonly family?: string | undefined;
  readonly operation?: string | undefined;
}

/** A request of a log. */
interface LoggedRequest {
  readonly message: Message;
  readonly found?: FoundOperation | undefined;
  /** Undefined if an ack echoes the request and the log does not have it. */
  readonly names?: MessageNames;
}

/** The most requests that are remembered: a log may have no end, and not every request gets an ack. */
const MOST_REQUESTS = 10_000;

/** The requests of a log by process, protocol and sequence number. */
export class RequestLog {
  readonly #requests = new Map<string, LoggedRequest>();

  add(message: Message, datagram: LoggedDatagram, found: FoundOperation | undefined, names: MessageNames): void {
    const key = keyOf(message, datagram);
    // The newest comes last, so that the first one is the oldest.
    this.#requests.delete(key);
    this.#requests.set(key, { message: message.copy(), found, names });
    if (this.#requests.size > MOST_REQUESTS) this.#requests.delete(this.#requests.keys().next().value!);
  }

  /** Returns the operation of the request with the sequence number of a message. */
  find(message: Message, datagram: LoggedDatagram): FoundOperation | undefined {
    return this.#requests.get(keyOf(message, datagram))?.found;
  }

  /** Returns the request that an ack belongs to, or what the ack echoes of it. */
  requestOf(ack: Message, datagram: LoggedDatagram): LoggedRequest | undefined {
    const logged = this.#requests.get(keyOf(ack, datagram));
    if (logged !== undefined) return logged;
    const echoed = echoedRequest(ack);
    if (echoed === undefined) return undefined;
    const frame = Frame.of(echoed);
    // The kernel may have cut the request, and left the length in its header.
    frame.words[0] = echoed.byteLength;
    return { message: new Message(frame, 0, KERNEL_ORIGIN) };
  }
}

function keyOf({ sequence }: Message, { process = 0, protocol }: LoggedDatagram): string {
  return `${process} ${protocol} ${sequence}`;
}
