import { NetlinkError, Errno } from '../../errors/index.js';
import type { NamespaceHandle, NetworkNamespace, Transport, TransportConnection } from '../../socket/index.js';
import { Protocol, hostIsLittleEndian } from '../../wire/index.js';
import { FleetError } from '../fleet-error.js';
import { messagesIn, type ClientMessage } from './datagram-check.js';
import { failureOf } from './failures.js';
import { FrameReader, FrameWriter, FromHost, SWITCHES, ToHost, type Frame } from './frames.js';
import { LiveGenericNames } from './policy/generic-names.js';
import { VERSION, type OpenRequest, type Welcome } from './opening.js';
import type { Policy } from './policy/policy.js';
import { rejectionSlab } from './rejection.js';

/** The largest datagram of a client and of the kernel, in bytes. */
const LARGEST_DATAGRAM = 8 << 20;
const LARGEST_RECEIVED = 1 << 20;

/** The size of the kernel's receive queue to ask for: without privileges the kernel grants less. */
const RECEIVE_BUFFER = 1 << 20;

/** The bytes of error messages that may be sent in excess of the window. */
const EXCESS = 4 << 20;

/** The most groups of one socket. */
const MOST_GROUPS = 1024;

/** The settings and callbacks that a socket gets from the program that serves it. @internal */
export interface ServedContext {
  readonly host: string;
  readonly policy: Policy;
  readonly transport: Transport;
  readonly netns: NetworkNamespace | undefined;
  readonly beat: number;
  readonly silentAfter: number;
  readonly largestWindow: number;
  readonly payloadLimit: number;
  /** Publishes a frame for the client. */
  publish(frame: Uint8Array): void;
  /** Called when the number of bytes has changed that the socket holds: those that the client has not read, and parts of a datagram of it. */
  held(bytes: number): void;
  /** Called when a request of the client is rejected by the policy. */
  refused(reason: string): void;
  /** Called once, when the socket has ended by itself. */
  ended(reason: string): void;
}

/** One netlink socket of this host that a client of another host uses. @internal */
export class ServedSocket {
  readonly protocol: number;
  readonly netns: string | undefined;
  readonly #context: ServedContext;
  readonly #request: OpenRequest;
  readonly #window: number;
  readonly #writer: FrameWriter;
  readonly #reader = new FrameReader(LARGEST_DATAGRAM);
  readonly #groups = new Set<number>();
  #namespace: NamespaceHandle | undefined;
  #names: LiveGenericNames | undefined;
  #connection: TransportConnection | undefined;
  #executed = 0;
  #unread = 0;
  #paused = false;
  #heard = true;
  #silent = 0;
  #written = 0;
  #lastWritten = 0;
  #ended = false;

  constructor(context: ServedContext, request: OpenRequest) {
    this.protocol = request.protocol;
    this.netns = request.netns;
    this.#context = context;
    this.#request = request;
    this.#window = Math.min(request.window, context.largestWindow);
    this.#writer = new FrameWriter((frame) => {
      this.#written++;
      context.publish(frame);
    }, context.payloadLimit);
  }

  /** Opens the socket. @throws NetlinkError if the policy or the kernel rejects it; the socket is then closed. */
  async open(): Promise<Welcome> {
    try {
      return await this.#open();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Reads a frame of the client. */
  receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#heard = true;
    const connection = this.#connection;
    const before = this.#reader.size;
    const frame = this.#reader.read(bytes);
    if (this.#reader.size !== before) this.#count();
    if (frame === 'part' || this.#isEnded()) return;
    if ('fault' in frame) return this.fail(fault(this.#context.host, frame.fault));
    if (connection === undefined) return this.fail(fault(this.#context.host, 'a message came before the socket was open'));
    try {
      this.#execute(frame, connection);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Sends a beat if nothing else was sent since the last one, and ends the socket of a client that is silent. */
  beat(): void {
    if (this.#connection === undefined) return;
    this.#silent = this.#heard ? 0 : this.#silent + 1;
    this.#heard = false;
    if (this.#silent >= this.#context.silentAfter) {
      this.close();
      this.#context.ended(`the client has been silent for ${this.#silent * this.#context.beat} ms`);
      return;
    }
    if (this.#written === this.#lastWritten) this.#writer.write(FromHost.Beat);
    this.#lastWritten = this.#written;
  }

  /** Ends the socket, and sends the reason to the client. */
  end(error: unknown): void {
    if (this.#ended) return;
    this.close();
    this.#writer.write(FromHost.End, 0, new TextEncoder().encode(JSON.stringify(failureOf(error))));
  }

  /** Ends the socket, sends the reason to the client, and reports it to the program that serves it. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.end(error);
    this.#context.ended(error instanceof Error ? error.message : String(error));
  }

  /** Closes the kernel's socket, and sends nothing. */
  close(): void {
    this.#ended = true;
    this.#context.held(0);
    this.#connection?.close();
    this.#connection = undefined;
    this.#names?.close();
    this.#names = undefined;
    this.#namespace?.close();
    this.#namespace = undefined;
  }

  async #open(): Promise<Welcome> {
    const { policy, transport, host, beat } = this.#context;
    const { protocol, netns, datagramSize, options, groups, sendBuffer } = this.#request;
    this.#check(policy.refusedProtocol(protocol));
    if (netns !== undefined) this.#check(policy.refusedNamespace(netns));
    const place = netns ?? this.#context.netns;
    if (protocol === Protocol.Generic) {
      const names = await LiveGenericNames.open(transport, place, (error) => this.fail(error));
      if (this.#ended) names.close();
      else this.#names = names;
    }
    if (this.#ended) throw fault(host, 'the socket was closed while it was opened');
    if (place !== undefined) {
      if (transport.openNamespace === undefined) throw fault(host, 'the transport of the host has no network namespaces');
      const gone = `the network namespace of the socket was deleted on host '${host}'`;
      this.#namespace = transport.openNamespace(place, () => this.fail(fault(host, gone)));
    }
    const connection = transport.open({
      protocol,
      portId: 0,
      netns: this.#namespace?.descriptor,
      datagramSize: Math.min(datagramSize, LARGEST_RECEIVED),
      ref: true,
      receive: (slab) => this.#deliver(slab),
      closed: (error) => this.fail(error),
    });
    this.#connection = connection;
    for (const [name, on] of Object.entries(options)) setOption(connection, name as (typeof SWITCHES)[number], on);
    tryTo(() => connection.setBufferSize('receive', RECEIVE_BUFFER));
    if (sendBuffer !== undefined) this.#setSendBuffer(connection, sendBuffer);
    for (const group of groups) this.#join(connection, group);
    return {
      version: VERSION,
      portId: connection.portId,
      byteOrder: hostIsLittleEndian ? 'little' : 'big',
      beat,
      window: this.#window,
      receiveBuffer: connection.getBufferSize('receive'),
    };
  }

  #execute({ kind, argument, body }: Frame, connection: TransportConnection): void {
    switch (kind) {
      case ToHost.Datagram:
        return this.#send(connection, body);
      case ToHost.Join:
        return this.#join(connection, argument);
      case ToHost.Leave:
        if (this.#groups.delete(argument)) connection.leave(argument);
        return;
      case ToHost.Option: {
        const name = SWITCHES[argument >> 1];
        if (name !== undefined) setOption(connection, name, (argument & 1) !== 0);
        return;
      }
      case ToHost.Credit:
        this.#unread = Math.max(0, this.#unread - argument);
        this.#count();
        if (this.#paused && this.#unread < this.#window) {
          this.#paused = false;
          connection.resume();
        }
        return;
      case ToHost.SendBuffer:
        return this.#setSendBuffer(connection, argument);
      case ToHost.Close:
        this.close();
        return this.#context.ended('the client has closed it');
      default:
    }
  }

  #send(connection: TransportConnection, datagram: Uint8Array): void {
    const { host, policy } = this.#context;
    const messages = messagesIn(datagram);
    if (messages === undefined) throw fault(host, 'a datagram is not a sequence of netlink messages');
    this.#executed = (this.#executed + 1) >>> 0;
    for (const message of messages) {
      const reason = policy.refusedMessage(this.protocol, message, this.#names);
      if (reason === undefined) continue;
      this.#context.refused(reason);
      return this.#reject(connection, messages, -Errno.EPERM, reason, message);
    }
    try {
      if (connection.send(datagram, datagram.byteLength)) return;
      this.#reject(connection, messages, -Errno.EAGAIN, 'the send buffer of the socket is full', undefined);
    } catch (error) {
      if (!(error instanceof NetlinkError) || error.errno === 0) throw error;
      this.#reject(connection, messages, error.errno, error.message, undefined);
    }
  }

  #reject(
    connection: TransportConnection,
    messages: readonly ClientMessage[],
    errno: number,
    reason: string,
    rejected: ClientMessage | undefined,
  ): void {
    this.#deliver(rejectionSlab(messages, errno, reason, rejected, connection.portId));
  }

  #deliver(slab: ArrayBuffer): void {
    if (this.#ended) return;
    this.#unread += slab.byteLength;
    this.#writer.write(FromHost.Slab, this.#executed, new Uint8Array(slab));
    if (this.#unread > this.#window + EXCESS + LARGEST_DATAGRAM)
      return this.fail(fault(this.#context.host, 'the client does not read the answers to its requests'));
    this.#count();
    if (this.#paused || this.#unread < this.#window) return;
    this.#paused = true;
    this.#connection?.pause();
  }

  #join(connection: TransportConnection, group: number): void {
    this.#check(this.#context.policy.refusedGroup(this.protocol, group, this.#names));
    if (this.#groups.size >= MOST_GROUPS) throw fault(this.#context.host, `a socket can join ${MOST_GROUPS} groups`);
    connection.join(group);
    this.#groups.add(group);
  }

  #setSendBuffer(connection: TransportConnection, bytes: number): void {
    tryTo(() => connection.setBufferSize('send', Math.min(bytes, LARGEST_DATAGRAM / 2)));
  }

  #check(reason: string | undefined): void {
    if (reason === undefined) return;
    this.#context.refused(reason);
    throw new FleetError(`EPERM remote: ${reason}`, 'policy', { code: 'EPERM', errno: -Errno.EPERM });
  }

  #count(): void {
    this.#context.held(this.#unread + this.#reader.size);
  }

  #isEnded(): boolean {
    return this.#ended;
  }
}

function setOption(connection: TransportConnection, name: (typeof SWITCHES)[number], on: boolean): void {
  try {
    connection.setOption(name, on);
  } catch (error) {
    if (!(error instanceof NetlinkError) || error.code !== 'ENOPROTOOPT') throw error;
  }
}

/** Does something that the kernel may reject without a consequence. */
function tryTo(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
  }
}

function fault(host: string, text: string): FleetError {
  return new FleetError(`ENOTCONN remote: host '${host}' has closed the socket: ${text}`, 'closed', {
    code: 'ENOTCONN',
    errno: -Errno.ENOTCONN,
  });
}
