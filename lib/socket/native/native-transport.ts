import { readlinkSync } from 'node:fs';

import { Errno, NetlinkError, errnoName } from '../../errors/index.js';
import { loadAddon, type NativeAddon, type NativeSocket, type OpenFailure, type SystemFailure } from './load-addon.js';
import { NativeConnection } from './native-connection.js';
import { openNativeNamespace } from './native-namespace.js';
import { SyncNativeConnection } from './sync-native-connection.js';
import { missingProtocol } from './protocol-advice.js';
import type {
  BlockingConnection,
  NamespaceHandle,
  NetworkNamespace,
  Transport,
  TransportConnection,
  TransportOptions,
  TunDevice,
} from '../transport/transport.js';

/** The options of a socket for blocking requests. */
type BlockingOptions = Omit<TransportOptions, 'receive' | 'closed' | 'ref'>;

/**
 * Creates a transport over the addon.
 *
 * @param load - Loads the addon; called when the first socket opens.
 * @internal
 */
export function createNativeTransport(load: () => NativeAddon): Transport {
  let addon: NativeAddon | undefined;
  return {
    open(options: TransportOptions): TransportConnection {
      addon ??= load();
      return open(addon, options);
    },
    openBlocking(options: BlockingOptions): BlockingConnection {
      addon ??= load();
      return openBlocking(addon, options);
    },
    openNamespace(netns: NetworkNamespace, onGone: () => void): NamespaceHandle {
      addon ??= load();
      return openNativeNamespace(addon, netns, onGone);
    },
    createTun({ name, flags, owner, group }: TunDevice, netns: number | undefined): SystemFailure | undefined {
      addon ??= load();
      return addon.createTun(netns, name, flags, owner, group);
    },
    defer(callback: () => void): void {
      setImmediate(callback);
    },
  };
}

/**
 * The transport over the netlink sockets of this machine's kernel: the one that a socket has without the option `transport`.
 *
 * A transport that counts, records or forwards datagrams wraps it.
 *
 * @example A transport that counts the datagrams that are sent
 * ```ts
 * let sent = 0;
 * const counting: Transport = {
 *   ...nativeTransport,
 *   open(options) {
 *     const connection = nativeTransport.open(options);
 *     const send = connection.send.bind(connection);
 *     connection.send = (...args) => (sent++, send(...args));
 *     return connection;
 *   },
 * };
 * ```
 * @public
 */
export const nativeTransport: Transport = createNativeTransport(() => loadAddon());

function open(addon: NativeAddon, options: TransportOptions): NativeConnection {
  const socket = new addon.Socket(options.datagramSize);
  const connection = openWith(socket, options, () => new NativeConnection(socket, addon));
  socket.start(options.receive);
  socket.setRef(options.ref);
  return connection;
}

function openBlocking(addon: NativeAddon, options: BlockingOptions): SyncNativeConnection {
  const socket = new addon.Socket(options.datagramSize);
  return openWith(socket, options, () => new SyncNativeConnection(socket, addon));
}

function openWith<T extends NativeConnection>(socket: NativeSocket, options: BlockingOptions, connect: () => T): T {
  const failure = socket.open(options.protocol, options.portId, options.netns);
  if (failure !== undefined) throw openError(failure, options);
  const connection = connect();
  try {
    connection.setOption('packetInfo', true);
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}

function openError({ step, errno }: OpenFailure, options: BlockingOptions): NetlinkError {
  const reason = explain(step, errno, options);
  return new NetlinkError(`${errnoName(errno)} open: ${reason}`, { errno, operation: 'open' });
}

function explain(step: OpenFailure['step'], errno: number, { protocol, portId, netns, datagramSize }: BlockingOptions): string {
  const place = nameOf(netns);
  switch (step) {
    case 'setns':
      if (errno === -Errno.EPERM) return `entering network namespace ${place} needs CAP_SYS_ADMIN`;
      if (errno === -Errno.EINVAL) return `${place} is not a network namespace`;
      if (errno === -Errno.EBADF) return `${place} is not open`;
      return `network namespace ${place} cannot be entered`;
    case 'socket':
      if (errno === -Errno.EPROTONOSUPPORT) return missingProtocol(protocol);
      return `a socket of netlink protocol ${protocol} cannot be created`;
    case 'bind':
      if (errno === -Errno.EADDRINUSE) return `port ID ${portId} is in use by another socket of protocol ${protocol}`;
      return `port ID ${portId} cannot be bound`;
    case 'memory':
      return `address space for datagrams of ${datagramSize} bytes cannot be reserved; reduce datagramSize`;
    case 'thread':
      return `a thread to enter network namespace ${place} cannot be started`;
    case 'watch':
      return 'the event loop cannot watch the socket';
  }
}

/** Returns the path that a descriptor was opened by. */
function nameOf(descriptor: number | undefined): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor ?? -1}`);
  } catch {
    return `descriptor ${descriptor ?? -1}`;
  }
}
