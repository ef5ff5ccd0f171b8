import type { Observable, SchedulerLike } from 'rxjs';
import type { ErrnoName } from '../../errors/index.js';
import type { NamespaceHandle, NetworkNamespace, SocketOption, Transport } from '../../socket/index.js';
import type { Message } from '../../wire/index.js';
import type { DatagramInit } from '../reply/datagram-init.js';
import type { FakeSocket, Replies } from '../reply/reply.js';

/** The context of a request for its handler. @public */
export interface FakeContext {
  /** The socket that sent the request. */
  readonly socket: FakeSocket;
  /** The fake kernel: a handler may send notifications with it. */
  readonly kernel: FakeKernel;
  /** The number of earlier requests of all sockets. */
  readonly index: number;
}

/** Replies to a request. It is called within the `send` of the socket, because the kernel executes requests there. @public */
export type FakeHandler = (request: Message, context: FakeContext) => Replies;

/** The options of a fake kernel. @public */
export interface FakeKernelOptions {
  /**
   * The source of time. The default uses the virtual time of a TestScheduler within `run()`, and real time outside.
   * @defaultValue `asyncScheduler`
   */
  readonly scheduler?: SchedulerLike;
  /**
   * The number of parts of a multipart reply in one datagram.
   * @defaultValue half of the parts, so that each multipart reply needs two datagrams
   */
  readonly partsPerDatagram?: number;
  /** The port ID of the first socket; later sockets get the following numbers. @defaultValue 1 */
  readonly firstPortId?: number;
  /** The initial size of both buffers in the kernel's accounting. @defaultValue 212992 */
  readonly bufferSize?: number;
  /** The highest group that a socket can join. @defaultValue 1024 */
  readonly maximumGroup?: number;
  /** The options that this kernel does not have (`ENOPROTOOPT`). */
  readonly unsupportedOptions?: readonly SocketOption[];
}

/** The receivers of a notification. @public */
export interface NotifyOptions {
  /** Sends only to sockets of this protocol. */
  readonly protocol?: number;
  /** Sends only to sockets that were opened in this namespace; `undefined` is the namespace of the process. If omitted, to all. */
  readonly netns?: NetworkNamespace | undefined;
  /** The id of the namespace that it comes from: only sockets with `listenAllNsid` receive it. */
  readonly nsid?: number;
  /** Sends it once to this socket too, member or not: the sender of a request with `NLM_F_ECHO`, to which it is the reply. */
  readonly echoTo?: FakeSocket;
}

/**
 * A kernel under the control of a test: a transport for `netlink({ transport })`, with methods that cause faults.
 *
 * @public
 */
export interface FakeKernel extends Transport {
  /** Copies of all received requests, in order. */
  readonly requests: readonly Message[];
  /** Copies of all received datagrams, in order. */
  readonly datagrams: readonly Uint8Array[];
  /** Emits each request when it is received; for marbles. Never completes. */
  readonly received: Observable<Message>;
  /** Emits each socket when it is opened, before it joins a group. Never completes. */
  readonly openings: Observable<FakeSocket>;
  /** The open sockets, in the order of their opening. */
  readonly sockets: readonly FakeSocket[];
  /** The number of sockets that have been opened. */
  readonly opened: number;

  /**
   * Sends a notification to all members of a group.
   *
   * @returns The number of sockets that it was queued for; 0 if no socket is a member.
   */
  notify(group: number, datagram: DatagramInit, options?: NotifyOptions): number;
  /**
   * Sends a message to one socket that answers no request and belongs to no group, as the kernel sends the packets of a queue.
   * Omitted sequence number and port ID are 0.
   *
   * @returns False if the socket is closed, or its receive queue is full: the message is lost.
   */
  unicast(socket: FakeSocket, datagram: DatagramInit): boolean;
  /**
   * Makes the receive queues overrun. The queued datagrams arrive, then the loss is reported. Until a socket has read its queue
   * empty, further datagrams are lost and counted as well. Running dumps continue.
   */
  overrun(options?: { readonly dropped?: number }): void;
  /** Truncates the next datagram of each open socket, as a small buffer does. */
  truncate(options?: { readonly kept?: number }): void;
  /** Flags the rest of the running dumps as interrupted; if none runs, flags the next one. */
  interruptDump(): void;
  /**
   * Delivers a message from another process. If sequence number or port ID are omitted, they are those of the last request: only
   * the sender distinguishes the message from a reply.
   */
  spoof(fromPortId: number, datagram: DatagramInit): void;
  /** Delays the replies to all further requests; 0 ends the delay. */
  delay(milliseconds: number): void;
  /** Opens a namespace; every namespace exists until it is deleted. */
  openNamespace(netns: NetworkNamespace, onGone: () => void): NamespaceHandle;
  /** Deletes a namespace: the sockets in it end with an error. */
  deleteNamespace(netns: NetworkNamespace): void;
  /** Ends the connections of all open sockets with an error, as a transport to another machine does that no longer answers. */
  disconnect(errno?: ErrnoName | number): void;
  /** Makes the next openings fail. */
  failOpen(errno: ErrnoName | number, times?: number): void;
  /**
   * Throws an error that the tested pipeline may have caught: the first unexpected request or failed handler, or an expected
   * request that was not sent.
   *
   * @param options - With `missing: false` it does not check for requests that were not sent.
   */
  verify(options?: { readonly missing?: boolean }): void;
}
