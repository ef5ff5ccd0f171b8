import type { Observable, SchedulerLike } from 'rxjs';
import type { ErrnoName } from '../../errors/index.js';
import type { NamespaceHandle, NetworkNamespace, SocketOption, Transport } from '../../socket/index.js';
import type { Message } from '../../wire/index.js';
import type { DatagramInit } from '../reply/datagram-init.js';
import type { Expectation } from './expectations.js';
import { FakeKernelTransport } from './fake-kernel-transport.js';
import type { FakeSocket, Replies } from '../reply/reply.js';

/** What a handler may want to know beside the request. @public */
export interface FakeContext {
  /** The socket that asks. */
  readonly socket: FakeSocket;
  /** The kernel itself: a handler may `notify` of what it has done. */
  readonly kernel: FakeKernel;
  /** How many requests came before this one, over all sockets. */
  readonly index: number;
}

/** Answers a request. It is called within the `send` of the socket, as kernels execute requests. @public */
export type FakeHandler = (request: Message, context: FakeContext) => Replies;

/** How a fake kernel behaves. @public */
export interface FakeKernelOptions {
  /**
   * Whose time it is. The default is driven by a TestScheduler's virtual time within `run()`, and real outside.
   * @defaultValue `asyncScheduler`
   */
  readonly scheduler?: SchedulerLike;
  /**
   * How many parts of a multipart reply share a datagram.
   * @defaultValue half of them, so that each multipart reply takes two
   */
  readonly partsPerDatagram?: number;
  /** Port ID of the first socket; the next ones count from there. @defaultValue 1 */
  readonly firstPortId?: number;
  /** Size of both buffers before anybody asks for another, as the kernel accounts it. @defaultValue 212992 */
  readonly bufferSize?: number;
  /** The highest group that can be joined. @defaultValue 1024 */
  readonly maximumGroup?: number;
  /** Options that this kernel is too old for (`ENOPROTOOPT`). */
  readonly unsupportedOptions?: readonly SocketOption[];
}

/** Where a notification goes. @public */
export interface NotifyOptions {
  /** Only to sockets of this protocol. */
  readonly protocol?: number;
  /** Only to sockets that were opened in this namespace; undefined is the own one. All hear it where this is left out. */
  readonly netns?: NetworkNamespace | undefined;
  /** The namespace it comes from: only sockets with `listenAllNsid` hear it. */
  readonly nsid?: number;
}

/**
 * A kernel that does what a test tells it: a transport for `netlink({ transport })`, with a hand on its faults.
 *
 * @public
 */
export interface FakeKernel extends Transport {
  /** Every request received, copied, in order. */
  readonly requests: readonly Message[];
  /** Every datagram received, copied, in order. */
  readonly datagrams: readonly Uint8Array[];
  /** The requests as they come; for marbles. Never completes. */
  readonly received: Observable<Message>;
  /** The sockets as they are opened, before they have joined any group. Never completes. */
  readonly openings: Observable<FakeSocket>;
  /** The sockets that are open, in the order of their opening. */
  readonly sockets: readonly FakeSocket[];
  /** How many sockets have been opened in all. */
  readonly opened: number;

  /**
   * Sends a notification to all members of a group.
   *
   * @returns How many sockets it was queued for. 0 means that nobody listened.
   */
  notify(group: number, datagram: DatagramInit, options?: NotifyOptions): number;
  /**
   * Makes the receive queues overflow: what is queued arrives, then comes the loss, and until a socket has read its queue
   * empty everything more is lost and counted too. Running dumps survive.
   */
  overrun(options?: { readonly dropped?: number }): void;
  /** Cuts the next datagram of each open socket, as a buffer too small does. */
  truncate(options?: { readonly kept?: number }): void;
  /** Flags the rest of the running dumps as interrupted; where none runs, the next one. */
  interruptDump(): void;
  /**
   * Delivers a message that another process has sent; sequence and port ID are the last request's where left out, so
   * that only its sender tells it from a reply.
   */
  spoof(fromPortId: number, datagram: DatagramInit): void;
  /** Delays all replies to requests that come from now on; 0 ends that. */
  delay(milliseconds: number): void;
  /** Opens a namespace; every one exists, until it is deleted. */
  openNamespace(netns: NetworkNamespace, onGone: () => void): NamespaceHandle;
  /** Deletes a namespace: whoever has a socket in it is told. */
  deleteNamespace(netns: NetworkNamespace): void;
  /** Makes the next openings fail. */
  failOpen(errno: ErrnoName | number, times?: number): void;
  /**
   * Throws what the pipeline under test may have swallowed: the first unexpected request or failed handler, or
   * an expectation that nobody met.
   *
   * @param options - `missing: false` leaves out the latter.
   */
  verify(options?: { readonly missing?: boolean }): void;
}

/**
 * Plays the kernel beneath a socket.
 *
 * Everything above the transport is the real library: sequence numbers, acks, dumps, timeouts, overruns. Time is RxJS's, so
 * a TestScheduler drives it.
 *
 * @param handler - Answers requests, or a table of the requests expected and their replies, or nothing: all succeed.
 * @example A kernel with one link
 * ```ts
 * const kernel = fakeKernel((request) => (request.type === 18 ? multipart([{ type: 16, payload }]) : errorReply('EOPNOTSUPP')));
 * const socket = netlink({ protocol: Protocol.Route, transport: kernel });
 * ```
 * @public
 */
export function fakeKernel(handler?: FakeHandler | readonly Expectation[], options: FakeKernelOptions = {}): FakeKernel {
  return new FakeKernelTransport(handler, options);
}
