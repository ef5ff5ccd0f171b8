import type { NetlinkError } from '../../errors/index.js';
import type { SystemFailure } from '../native/load-addon.js';
import type { ByteRange, Message, MessageBoxOptions } from '../../wire/index.js';

/** The switches of a netlink socket (`SOL_NETLINK` options). @public */
export type SocketOption =
  /** Reports the multicast group of each datagram (`NETLINK_PKTINFO`). */
  | 'packetInfo'
  /** Reports failed deliveries to the sender of a multicast message (`NETLINK_BROADCAST_ERROR`). */
  | 'broadcastError'
  /** Stops the kernel from reporting overruns; the library then compares the drop counter (`NETLINK_NO_ENOBUFS`). */
  | 'noEnobufs'
  /** Receives the events of all namespaces that have an id in this namespace (`NETLINK_LISTEN_ALL_NSID`). */
  | 'listenAllNsid'
  /** Stops the kernel from echoing the request in an ack (`NETLINK_CAP_ACK`). */
  | 'cappedAck'
  /** Adds explanations to errors (`NETLINK_EXT_ACK`). */
  | 'extendedAck'
  /** Makes the kernel validate GET requests and filter dumps (`NETLINK_GET_STRICT_CHK`). */
  | 'strictCheck';

/** A network namespace: a name under /run/netns or a path, a process, or an open descriptor. @public */
export type NetworkNamespace = string | { readonly pid: number } | { readonly fd: number };

/** The options with which a socket opens a connection. @public */
export interface TransportOptions {
  /** The netlink protocol, the last argument of `socket(2)`. */
  readonly protocol: number;
  /** The port ID to bind; 0 lets the kernel choose. */
  readonly portId: number;
  /** A descriptor of the namespace to open it in; the namespace of the calling thread if absent. */
  readonly netns?: number | undefined;
  /** The largest datagram to accept, in bytes. */
  readonly datagramSize: number;
  /** True if the open socket keeps the process alive. */
  readonly ref: boolean;
  /**
   * Receives a slab of datagrams in the layout of {@link encodeSlab}. The transport calls it from the event loop, never from
   * within another call of the transport, nor within `receive`.
   */
  readonly receive: (slab: ArrayBuffer) => void;
  /**
   * Takes the error of a connection that ends by itself, because another machine or program does not answer any more; the kernel ends
   * none. Every request and every stream of the socket ends with this error, and the socket closes the connection. What is
   * subscribed to afterwards opens another one. The transport calls it from the event loop, as `receive`.
   */
  readonly closed?: (error: NetlinkError) => void;
  /** Finds the key material in a message that the socket sends, so that a fake kernel does not print it. */
  readonly findSecrets?: (message: Message) => readonly ByteRange[];
}

/** Another socket to send to. @public */
export interface Destination {
  /** The port ID of the socket; 0 is the kernel. */
  readonly portId: number;
  /** A bit mask of multicast groups (1 to 32) to send to. */
  readonly groups?: number;
}

/**
 * One open netlink socket; it moves bytes and does not interpret messages. Methods that can fail throw a `NetlinkError` with
 * `code`, `errno` and `operation`.
 *
 * @public
 */
export interface TransportConnection {
  /** The port ID that the socket is bound to. */
  readonly portId: number;
  /** The file descriptor; -1 if there is none. */
  readonly fd: number;
  /**
   * Sends the first `length` bytes as one datagram; never waits.
   *
   * @returns False if the receive queue of the other user socket is full (EAGAIN): try again later. The kernel always accepts.
   */
  send(bytes: Uint8Array, length: number, to?: Destination): boolean;
  /**
   * Sends to the kernel and reads once in the same call: `expected` datagrams, and one more to find the end of the queue.
   * A socket may call it within `receive`.
   *
   * @returns A slab in the layout that `receive` gets; undefined if nothing was queued.
   */
  exchange(bytes: Uint8Array, length: number, expected: number): ArrayBuffer | undefined;
  /**
   * The same with memory for a slab, which the transport may use or not: most replies are small, and need no buffer of their own.
   *
   * @param room - An array on a 4-byte boundary of its buffer.
   * @param start - The first byte that may be used, a multiple of 4.
   * @returns The length in bytes of a slab that was written at `start`; a slab, or undefined, as above.
   */
  exchange(bytes: Uint8Array, length: number, expected: number, room: Uint8Array, start: number): ArrayBuffer | number | undefined;
  /**
   * Reads at once the datagrams that the event loop would read next; never waits.
   *
   * A socket calls it before it ends a request as late: after a busy time the event loop fires timers before it reads.
   * Without this method such a request ends with a `TimeoutError` although its reply is queued.
   *
   * @returns A slab in the layout that `receive` gets; undefined if nothing is queued, and while paused.
   */
  receiveNow?(): ArrayBuffer | undefined;
  /** True after `exchange` found an overrun, until `receive` reports it: a reply to a request sent meanwhile is lost with it. */
  readonly overrunPending?: boolean;
  /** Stops reading; datagrams collect in the kernel's receive queue. */
  pause(): void;
  /** Reads again after `pause`. */
  resume(): void;
  /** Sets whether the open socket keeps the process alive. */
  setRef(ref: boolean): void;
  /** Turns a socket option on or off (`setsockopt` at level `SOL_NETLINK`). */
  setOption(option: SocketOption, on: boolean): void;
  /** Returns true if a socket option is on, as the kernel reports it. */
  getOption(option: SocketOption): boolean;
  /** Joins a multicast group by its number, from 1 (`NETLINK_ADD_MEMBERSHIP`). */
  join(group: number): void;
  /** Leaves a multicast group by its number, from 1 (`NETLINK_DROP_MEMBERSHIP`). */
  leave(group: number): void;
  /** Returns the groups that the socket is a member of, ascending. */
  memberships(): number[];
  /** Sets a buffer size with the privileged option, else with the plain one, which the kernel limits silently. */
  setBufferSize(buffer: 'receive' | 'send', bytes: number): void;
  /** Returns the size that the kernel uses: about twice the size that was set. */
  getBufferSize(buffer: 'receive' | 'send'): number;
  /** Returns the number of datagrams that were dropped since the socket was opened (`SO_MEMINFO`). */
  drops(): number;
  /** Attaches a classic BPF program, 8 bytes for each instruction (`struct sock_filter`), or detaches it with null. */
  setFilter(program: Uint8Array | null): void;
  /** Closes the socket. The transport does not call `receive` afterwards. */
  close(): void;
}

/** A connection that reads only when its caller blocks on it. @public */
export interface BlockingConnection extends TransportConnection {
  /**
   * Blocks the thread until datagrams arrive, and reads them.
   *
   * @param timeout - Milliseconds to wait; forever if omitted.
   * @returns A slab in the layout that `receive` gets; undefined when the time is up.
   */
  receiveBlocking(timeout?: number): ArrayBuffer | undefined;
}

/** An open network namespace. @public */
export interface NamespaceHandle {
  /** The descriptor for {@link TransportOptions.netns}. */
  readonly descriptor: number;
  /** Closes the descriptor; sockets that were opened with it stay open. */
  close(): void;
}

/** A persistent tun or tap device. @internal */
export interface TunDevice {
  readonly name: string;
  /** The flags of `TUNSETIFF`: the kind of the device and its settings. */
  readonly flags: number;
  /** The user that may attach; any with CAP_NET_ADMIN if undefined. */
  readonly owner: number | undefined;
  /** The group that may attach; any with CAP_NET_ADMIN if undefined. */
  readonly group: number | undefined;
}

/**
 * The layer below a socket: the kernel, or a fake kernel in a test.
 *
 * `defer` is the only way in which the layers above it reach a later turn of the event loop; all other time is RxJS's.
 *
 * @public
 */
export interface Transport {
  /** Opens a socket. Throws a `NetlinkError` with operation `'open'`. */
  open(options: TransportOptions): TransportConnection;
  /** Opens a socket for blocking requests; optional. Throws a `NetlinkError` with operation `'open'`. */
  openBlocking?(options: Omit<TransportOptions, 'receive' | 'closed' | 'ref'>): BlockingConnection;
  /**
   * Opens a network namespace once for a socket and its siblings, and calls `onGone` when it is deleted; optional. Throws a
   * `NetlinkError` with operation `'open'`.
   */
  openNamespace?(netns: NetworkNamespace, onGone: () => void): NamespaceHandle;
  /**
   * Creates a tun or tap device, which netlink cannot create; optional.
   *
   * @param netns - A descriptor of the namespace to create it in; the namespace of the calling thread if undefined.
   * @internal
   */
  createTun?(device: TunDevice, netns: number | undefined): SystemFailure | undefined;
  /** Runs a callback in a later turn of the event loop. */
  defer(callback: () => void): void;
}

/** The names of a message's operation and attributes, for traces. @internal */
export interface MessageDescription {
  /** The name of the operation, e.g. `newlink`. */
  readonly operation: string;
  /** The size of the struct before the attributes. */
  readonly fixedHeaderSize: number;
  /** Returns the name of an attribute; its types from the outermost nest are the key. */
  readonly describe: NonNullable<MessageBoxOptions['describe']>;
  /** The ranges of key material, in bytes from the header of the message. */
  readonly secrets?: readonly ByteRange[];
}

/** Returns the names for a message of a family; typed clients register one for their family. @internal */
export type MessageDescriber = (message: Message) => MessageDescription | undefined;
