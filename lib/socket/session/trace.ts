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
import { operationName } from './operation-name.js';
import type { MessageDescriber, MessageDescription } from '../transport/transport.js';

/** What a socket has met beside what it delivered. All only ever grow. @public */
export interface SocketCounters {
  /** Replies that nobody waited for, answers to `send()` included. */
  readonly strays: number;
  /** Datagrams from senders other than the kernel that were refused. */
  readonly spoofed: number;
  /** Datagrams that were longer than `datagramSize`. */
  readonly truncated: number;
  /** How often the receive queue overflowed. */
  readonly overruns: number;
  /** Datagrams that were lost by that. */
  readonly dropped: number;
  /** Successes that came with a warning of the kernel's. */
  readonly warnings: number;
  /** Values that a schema does not know. */
  readonly unknown: number;
  /** Datagrams of `send()` that another socket had no room for, however often they were tried. */
  readonly unsent: number;
}

/** What is published on the `rxnetlink:*` channels of `node:diagnostics_channel`. @public */
export interface TraceEvent {
  /** The port ID of the socket; several sockets share the channels. */
  readonly portId: number;
  /** The protocol of the socket: a {@link Protocol}. */
  readonly protocol: number;
  /** What was sent, received, or is the matter. */
  readonly message?: Message;
  /** In words; of a datagram that holds no messages (a uevent), its lines. */
  readonly text?: string;
  /** Datagrams lost (`rxnetlink:overrun`). */
  readonly dropped?: number;
}

type ChannelName = 'send' | 'receive' | 'overrun' | 'stray' | 'warning' | 'unknown';

const CHANNELS = Object.fromEntries(
  (['send', 'receive', 'overrun', 'stray', 'warning', 'unknown'] as const).map((name) => [name, channel(`rxnetlink:${name}`)]),
) as Record<ChannelName, Channel>;

const log: DebugLogger = debuglog('rxnetlink');

/**
 * Tells tools and people what a socket does: `diagnostics_channel` and `NODE_DEBUG=rxnetlink`.
 *
 * Counting is always on; the rest costs nothing while nobody listens.
 *
 * @internal
 */
export class Trace {
  /** True while received messages are of interest to somebody. */
  active = false;
  portId = 0;
  /** Finds the key material in a message that one of the families knows; in a refusal, that of the echoed request. */
  readonly findSecrets = (message: Message): readonly ByteRange[] => {
    const echoed = echoedRequest(message);
    if (echoed === undefined) return this.#describe(message)?.secrets ?? [];
    const shift = MESSAGE_HEADER_SIZE + STATUS_SIZE;
    return this.findSecrets(wholeMessage(echoed)).map(([start, end]) => [start + shift, end + shift]);
  };
  readonly #protocol: number;
  readonly #describers = new Set<MessageDescriber>();
  readonly #counters = { strays: 0, spoofed: 0, truncated: 0, overruns: 0, dropped: 0, warnings: 0, unknown: 0, unsent: 0 };

  constructor(protocol: number) {
    this.#protocol = protocol;
  }

  get counters(): SocketCounters {
    return { ...this.#counters };
  }

  /** Looks whether anybody listens; done once a wake-up. */
  refresh(): void {
    this.active = log.enabled || CHANNELS.receive.hasSubscribers;
  }

  /** Lets a family name what it knows of messages; returns the way to take that back. */
  describeWith(describer: MessageDescriber): () => void {
    this.#describers.add(describer);
    return () => this.#describers.delete(describer);
  }

  /** True while somebody wants to know what is sent. */
  get tellsSent(): boolean {
    return log.enabled || CHANNELS.send.hasSubscribers;
  }

  sent(bytes: Uint8Array): void {
    if (!this.tellsSent) return;
    for (const message of iterateMessages(bytes.slice())) {
      this.#publish('send', { message });
      this.#print('send', message);
    }
  }

  received(message: Message): void {
    this.#publish('receive', { message });
    this.#print('receive', message);
  }

  /** A datagram without messages: uevents are lines of text, each closed by a NUL. */
  receivedText(bytes: Uint8Array): void {
    const lines = new TextDecoder().decode(bytes).split('\0');
    const text = lines.filter((line) => line !== '').join('\n');
    this.#publish('receive', { text });
    log('receive, port %d, protocol %d\n%s', this.portId, this.#protocol, text);
  }

  stray(message: Message): void {
    this.#counters.strays++;
    this.#publish('stray', { message, text: `nobody waits for sequence ${message.sequence}` });
    log('stray: nobody waits for sequence %d', message.sequence);
  }

  spoofed(bytes: Uint8Array, origin: DatagramOrigin): void {
    this.#counters.spoofed++;
    const text = `refused ${bytes.byteLength} bytes from port ${origin.sender.portId}, which is not the kernel`;
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

  /** Tells of a value that a schema does not know, or of a setting that the kernel did not quite follow. */
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

  #publish(name: ChannelName, event: Omit<TraceEvent, 'portId' | 'protocol'>): void {
    const target = CHANNELS[name];
    if (event.message !== undefined && (log.enabled || target.hasSubscribers)) declareSecrets(event.message, this.findSecrets);
    if (target.hasSubscribers) target.publish({ portId: this.portId, protocol: this.#protocol, ...event } satisfies TraceEvent);
  }

  #describe(message: Message): MessageDescription | undefined {
    for (const describe of this.#describers) {
      const description = describe(message);
      if (description !== undefined) return description;
    }
    return undefined;
  }

  #print(direction: string, message: Message): void {
    if (!log.enabled) return;
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

/** Size of the error number in front of what an ERROR message echoes. */
const STATUS_SIZE = 4;

/** A message of echoed bytes; its length field is made to fit, for they may have been cut. */
function wholeMessage(bytes: Uint8Array): Message {
  const frame = Frame.of(bytes);
  frame.words[0] = bytes.byteLength;
  return new Message(frame, 0, KERNEL_ORIGIN);
}

function nameOf(protocol: number, type: number): string {
  return type < MessageType.Minimum ? messageTypeText(type) : operationName(protocol, type);
}
