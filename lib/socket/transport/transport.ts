import type { ByteRange, Message, MessageBoxOptions } from '../../wire/index.js';

/** The switches of a netlink socket (`SOL_NETLINK` options). @public */
export type SocketOption =
  /** Name the multicast group of each datagram (`NETLINK_PKTINFO`). */
  | 'packetInfo'
  /** Report failed deliveries to the sender of a multicast (`NETLINK_BROADCAST_ERROR`). */
  | 'broadcastError'
  /** Do not report overruns; the library then compares the drop counter (`NETLINK_NO_ENOBUFS`). */
  | 'noEnobufs'
  /** Hear the events of all namespaces that have an id here (`NETLINK_LISTEN_ALL_NSID`). */
  | 'listenAllNsid'
  /** Acks do not repeat the request (`NETLINK_CAP_ACK`). */
  | 'cappedAck'
  /** Acks explain themselves (`NETLINK_EXT_ACK`). */
  | 'extendedAck'
  /** The kernel validates GET requests and filters dumps (`NETLINK_GET_STRICT_CHK`). */
  | 'strictCheck';

/** Where to open a socket: a name under /run/netns or a path, a process, or an open descriptor. @public */
export type NetworkNamespace = string | { readonly pid: number } | { readonly fd: number };

/** What a transport is told when it opens. @public */
export interface TransportOptions {
  /** Last argument of `socket(2)`. */
  readonly protocol: number;
  /** Port ID to bind; 0 lets the kernel choose. */
  readonly portId: number;
  /** Descriptor of the namespace to open it in; absent: that of the calling thread. */
  readonly netns?: number | undefined;
  /** Largest datagram to accept, in bytes. */
  readonly datagramSize: number;
  /** Whether the open socket keeps the process alive. */
  readonly ref: boolean;
  /**
   * Takes what was received: a slab, as {@link encodeSlab} makes it. Called from the event loop, never from within
   * another call of the transport.
   */
  readonly receive: (slab: ArrayBuffer) => void;
  /** Finds the key material in a message that is sent on it, so that what plays the kernel in a test does not print it. */
  readonly findSecrets?: (message: Message) => readonly ByteRange[];
}

/** Another socket to send to; absent: the kernel. @public */
export interface Destination {
  readonly portId: number;
  /** Bit mask of multicast groups (1 to 32) to send to. */
  readonly groups?: number;
}

/**
 * One open netlink socket, without any knowledge of messages. Methods that can fail throw a `NetlinkError` with `code`,
 * `errno` and `operation`.
 *
 * @public
 */
export interface TransportConnection {
  /** The port ID it is bound to. */
  readonly portId: number;
  /** File descriptor; -1 where there is none. */
  readonly fd: number;
  /**
   * Sends the first `length` bytes as one datagram; never waits.
   *
   * @returns False where the receiving user socket is full (EAGAIN): try again later. Sending to the kernel never is.
   */
  send(bytes: Uint8Array, length: number, to?: Destination): boolean;
  /**
   * Sends to the kernel and reads once in the same call: `expected` datagrams, and one more where that tells that the queue is empty.
   *
   * @returns What was there, as `receive` would get it, or undefined where nothing was.
   */
  exchange(bytes: Uint8Array, length: number, expected: number): ArrayBuffer | undefined;
  /**
   * Reads at once what the event loop would read next; never waits.
   *
   * A socket calls it before it declares a request late: after a busy time the event loop fires timers before it reads.
   * Without this method such a request ends with a `TimeoutError` although its reply is queued.
   *
   * @returns What was queued, as `receive` would get it; undefined if nothing is, and while paused.
   */
  receiveNow?(): ArrayBuffer | undefined;
  /** True where `exchange` has met a loss that `receive` is still to tell of: whatever is sent before that is lost too. */
  readonly lossAhead?: boolean;
  /** Stops reading; the kernel's queue fills. */
  pause(): void;
  resume(): void;
  /** Says whether the open socket keeps the process alive. */
  setRef(ref: boolean): void;
  setOption(option: SocketOption, on: boolean): void;
  getOption(option: SocketOption): boolean;
  join(group: number): void;
  leave(group: number): void;
  /** Groups that it is a member of, ascending. */
  memberships(): number[];
  /** Asks for a buffer size; the privileged call first, then the plain one, which may silently fall short. */
  setBufferSize(buffer: 'receive' | 'send', bytes: number): void;
  /** What the kernel made of it: about twice of what was asked. */
  getBufferSize(buffer: 'receive' | 'send'): number;
  /** Datagrams dropped since it was opened (`SO_MEMINFO`). */
  drops(): number;
  /** Attaches a classic BPF program, 8 bytes an instruction (`struct sock_filter`), or detaches with null. */
  setFilter(program: Uint8Array | null): void;
  close(): void;
}

/** A connection that nobody reads but who waits for it. @public */
export interface BlockingConnection extends TransportConnection {
  /**
   * Waits until something has come, and reads it; blocks the thread.
   *
   * @param timeout - Milliseconds to wait; for ever where left out.
   * @returns What has come, as `receive` would get it; undefined when the time was up.
   */
  receiveBlocking(timeout?: number): ArrayBuffer | undefined;
}

/** A network namespace that is kept open. @public */
export interface NamespaceHandle {
  /** What {@link TransportOptions.netns} takes. */
  readonly descriptor: number;
  close(): void;
}

/**
 * What lies beneath a socket: the kernel, or something that plays it in a test.
 *
 * `defer` is the only source of "a later turn" for everything above it; other time is RxJS's.
 *
 * @public
 */
export interface Transport {
  /** Opens a socket. Throws a `NetlinkError` with operation `'open'`. */
  open(options: TransportOptions): TransportConnection;
  /** Opens a socket to wait for; a transport that cannot leaves this out. Throws a `NetlinkError` with operation `'open'`. */
  openBlocking?(options: Omit<TransportOptions, 'receive' | 'ref'>): BlockingConnection;
  /**
   * Opens a network namespace, once for a socket and its siblings, and tells when it is gone; a transport without
   * namespaces leaves this out. Throws a `NetlinkError` with operation `'open'`.
   */
  openNamespace?(netns: NetworkNamespace, onGone: () => void): NamespaceHandle;
  /** Runs a callback in a later turn of the event loop, not before the current one has ended. */
  defer(callback: () => void): void;
}

/** The names of a message's operation and attributes, for traces. @internal */
export interface MessageDescription {
  /** The operation's name, e.g. `newlink`. */
  readonly operation: string;
  /** Size of the struct in front of the attributes. */
  readonly fixedHeaderSize: number;
  /** Names an attribute by the types that lead to it. */
  readonly describe: NonNullable<MessageBoxOptions['describe']>;
  /** The key material in it, in bytes from its header. */
  readonly secrets?: readonly ByteRange[];
}

/** Returns the names for a message of a family; typed clients register one for their family. @internal */
export type MessageDescriber = (message: Message) => MessageDescription | undefined;
