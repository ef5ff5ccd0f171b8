import { channel, type Channel } from 'node:diagnostics_channel';
import { debuglog, type DebugLogger } from 'node:util';
import {
  KERNEL_ORIGIN,
  MESSAGE_HEADER_SIZE,
  Message,
  MessageType,
  decodeAck,
  echoedRequest,
  fixedHeaderSize,
  iterateMessages,
  messageBox,
  messageTypeText,
  type ByteRange,
  type DatagramOrigin,
} from '../../wire/index.js';
import { Frame, declareSecrets } from '../../wire/internal.js';
import type { PendingRequest } from '../../exchange/index.js';
import { operationName } from '../request/operation-name.js';
import type { MessageDescriber, MessageDescription } from '../transport/transport.js';

/** Counters of a socket; they never decrease. @public */
export interface SocketCounters {
  /** Replies without a request that waits for them, including replies to `send()`. A subscriber of `unsolicited` receives them instead. */
  readonly strays: number;
  /** Datagrams that were dropped because the kernel did not send them. */
  readonly spoofed: number;
  /** Datagrams that were longer than `datagramSize`. */
  readonly truncated: number;
  /** Overruns: the receive queue was full and the kernel dropped messages. */
  readonly overruns: number;
  /** Datagrams that the kernel dropped in these overruns. */
  readonly dropped: number;
  /** Acks with a warning of the kernel. */
  readonly warnings: number;
  /** Values that a schema does not list. */
  readonly unknown: number;
  /** Datagrams of `send()` that were dropped because the receive queue of another socket stayed full. */
  readonly unsent: number;
}

/** An event on the `rxnetlink:*` channels of `node:diagnostics_channel`. @public */
export interface TraceEvent {
  /** The port ID of the socket; several sockets share the channels. */
  readonly portId: number;
  /** The protocol of the socket: a {@link Protocol}. */
  readonly protocol: number;
  /** The message that was sent or received, or that the event is about. */
  readonly message?: Message;
  /** A description in words; for a datagram without messages (a uevent), its lines. */
  readonly text?: string;
  /** Datagrams lost (`rxnetlink:overrun`). */
  readonly dropped?: number;
}

const CHANNELS = {
  send: channel('rxnetlink:send'),
  receive: channel('rxnetlink:receive'),
  overrun: channel('rxnetlink:overrun'),
  stray: channel('rxnetlink:stray'),
  warning: channel('rxnetlink:warning'),
  unknown: channel('rxnetlink:unknown'),
} as const satisfies Readonly<Record<string, Channel>>;

const NONE: readonly MessageDescriber[] = [];

const ZERO: SocketCounters = { strays: 0, spoofed: 0, truncated: 0, overruns: 0, dropped: 0, warnings: 0, unknown: 0, unsent: 0 };

const log: DebugLogger = debuglog('rxnetlink');
/** True if `NODE_DEBUG` names this library. Node.js reads the variable once; the getter `log.enabled` is slow. */
const isLogged = log.enabled;

/**
 * Reports the traffic of a socket on `diagnostics_channel` and with `NODE_DEBUG=rxnetlink`.
 *
 * The counters always count. The reports cost nothing while they have no subscriber.
 *
 * @internal
 */
export class Trace {
  /** True while received messages are reported. */
  active = false;
  /** The number of messages that subscribers of a channel have received, and may keep. */
  published = 0;
  portId = 0;
  readonly #protocol: number;
  #describers: readonly MessageDescriber[] = NONE;
  /** Undefined while all of them are 0. */
  #counted: { -readonly [Name in keyof SocketCounters]: number } | undefined;

  constructor(protocol: number) {
    this.#protocol = protocol;
  }

  get counters(): SocketCounters {
    return { ...ZERO, ...this.#counted };
  }

  get #counters(): { -readonly [Name in keyof SocketCounters]: number } {
    return (this.#counted ??= { ...ZERO });
  }

  /** Returns the key material in a message that a family describes; in an error, that of the echoed request. */
  findSecrets(message: Message): readonly ByteRange[] {
    const echoed = echoedRequest(message);
    if (echoed === undefined) return this.#describe(message)?.secrets ?? [];
    const shift = MESSAGE_HEADER_SIZE + STATUS_SIZE;
    return this.findSecrets(wholeMessage(echoed)).map(([start, end]) => [start + shift, end + shift]);
  }

  /** Updates `active`; called once for each slab. */
  refresh(): void {
    this.active = isLogged || CHANNELS.receive.hasSubscribers;
  }

  /** Registers a describer of a family. Clients of one family share theirs. */
  describeWith(describer: MessageDescriber): void {
    if (!this.#describers.includes(describer)) this.#describers = this.#describers.concat(describer);
  }

  /** True while sent messages are reported. */
  get isSentObserved(): boolean {
    return isLogged || CHANNELS.send.hasSubscribers;
  }

  sent(bytes: Uint8Array): void {
    if (!this.isSentObserved) return;
    for (const message of iterateMessages(bytes.slice())) {
      this.#publish('send', { message });
      this.#print('send', message);
    }
  }

  received(message: Message): void {
    this.#publish('receive', { message });
    this.#print('receive', message);
  }

  /** Reports a datagram without messages: a uevent consists of lines of text, each ended by a NUL. */
  receivedText(bytes: Uint8Array): void {
    const lines = new TextDecoder().decode(bytes).split('\0');
    const text = lines.filter((line) => line !== '').join('\n');
    this.#publish('receive', { text });
    log('receive, port %d, protocol %d\n%s', this.portId, this.#protocol, text);
  }

  stray(message: Message): void {
    this.#counters.strays++;
    this.#publish('stray', { message, text: `no request has sequence number ${message.sequence}` });
    log('stray: no request has sequence number %d', message.sequence);
  }

  spoofed(bytes: Uint8Array, origin: DatagramOrigin): void {
    this.#counters.spoofed++;
    const text = `dropped ${bytes.byteLength} bytes from port ${origin.sender.portId}, which is not the kernel`;
    this.#publish('stray', { text });
    log('stray: %s', text);
  }

  truncated(length: number, kept: number): void {
    this.#counters.truncated++;
    this.#publish('warning', { text: `${kept} of ${length} bytes of a datagram were kept` });
    log('truncated: %d of %d bytes were kept', kept, length);
  }

  overrun(dropped: number): void {
    this.#counters.overruns++;
    this.#counters.dropped += dropped;
    this.#publish('overrun', { dropped, text: `${dropped} datagrams were lost` });
    log('overrun: %d datagrams were lost', dropped);
  }

  warning(message: Message, request: PendingRequest): void {
    const { extendedAck } = decodeAck(message);
    if (extendedAck.message === undefined) return;
    this.#counters.warnings++;
    const text = `${request.traits.operation}: ${extendedAck.message}`;
    this.#publish('warning', { message, text });
    log('warning: %s', text);
  }

  /** Reports a value that a schema does not list. */
  unknown(text: string, message?: Message): void {
    this.#counters.unknown++;
    this.#publish('unknown', message === undefined ? { text } : { message, text });
    log('unknown: %s', text);
  }

  lostSend(count: number, text: string): void {
    this.#counters.unsent += count;
    this.note(text);
  }

  note(text: string): void {
    this.#publish('warning', { text });
    log('%s', text);
  }

  #publish(name: keyof typeof CHANNELS, event: Omit<TraceEvent, 'portId' | 'protocol'>): void {
    const target = CHANNELS[name];
    if (event.message !== undefined && (isLogged || target.hasSubscribers)) declareSecrets(event.message, (one) => this.findSecrets(one));
    if (!target.hasSubscribers) return;
    if (event.message !== undefined) this.published++;
    target.publish({ portId: this.portId, protocol: this.#protocol, ...event } satisfies TraceEvent);
  }

  #describe(message: Message): MessageDescription | undefined {
    for (const describe of this.#describers) {
      const description = describe(message);
      if (description !== undefined) return description;
    }
    return undefined;
  }

  #print(direction: string, message: Message): void {
    if (!isLogged) return;
    const description = this.#describe(message);
    const box = messageBox(message, {
      fixedHeaderSize: description?.fixedHeaderSize ?? fixedHeaderSize(this.#protocol, message.type),
      describe: description?.describe,
      color: process.stderr.isTTY,
    });
    log(
      '%s %s, port %d, protocol %d\n%s',
      direction,
      description?.operation ?? nameOf(this.#protocol, message.type),
      this.portId,
      this.#protocol,
      box,
    );
  }
}

/** The size of the error number before the echoed request of an ERROR message. */
const STATUS_SIZE = 4;

/** Returns a message of echoed bytes. Its length field is corrected, because the kernel may have cut the request. */
function wholeMessage(bytes: Uint8Array): Message {
  const frame = Frame.of(bytes);
  frame.words[0] = bytes.byteLength;
  return new Message(frame, 0, KERNEL_ORIGIN);
}

function nameOf(protocol: number, type: number): string {
  return type < MessageType.Minimum ? messageTypeText(type) : operationName(protocol, type);
}
