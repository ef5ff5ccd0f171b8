import type { NatsConnection } from '@nats-io/nats-core';
import { checkInteger, checkOptionNames, kindOf } from '../../check/index.js';
import { Errno, NetlinkError } from '../../errors/index.js';
import type { NamespaceHandle, NetworkNamespace, Transport, TransportConnection, TransportOptions } from '../../socket/index.js';
import { encodeToken } from '../subjects.js';
import { RemoteConnection } from './remote-connection.js';
import { isNamespaceName, type RemoteSettings } from './remote-settings.js';

/** The options of {@link remote}. @public */
export interface RemoteOptions {
  /**
   * The name of a network namespace of the host, if its policy allows it.
   * @defaultValue the namespace that the host serves
   */
  readonly netns?: string;
  /**
   * The bytes of messages that may be on their way from the host for each socket, and wait here while it is paused. The host then stops reading
   * its kernel socket.
   * @defaultValue 1 MiB; the host may choose less
   */
  readonly window?: number;
  /**
   * Milliseconds to wait for the answer of the host when a socket opens.
   * @defaultValue 4000
   */
  readonly openTimeout?: number;
  /**
   * The number of the host's beats without a message after which the host counts as silent. The host decides the interval of beats: 1 second.
   * @defaultValue 3
   */
  readonly silentAfter?: number;
}

const KNOWN: ReadonlySet<string> = new Set<keyof RemoteOptions>(['netns', 'window', 'openTimeout', 'silentAfter']);

/**
 * The first number of a handle of a namespace. A client may put the number into a request as a descriptor (`IFLA_NET_NS_FD`): no program of the host
 * has a descriptor of that number, so its kernel rejects it.
 */
const FIRST_HANDLE = 0x4000_0000;

/**
 * Creates a transport to the kernel of another host, which runs {@link serveRemote}: every typed client and `network()` work over it.
 *
 * All requests and streams of a socket end with an error of the code `ENOTCONN` when the host does not answer, when the connection to the
 * server is lost, or when a message was lost on the way. It is then not known whether the last requests were executed. Subscribe again
 * to open another socket.
 *
 * There are no blocking requests (`requestSync`), no filters, no descriptors of namespaces, and no messages to other sockets. The size of the receive
 * queue is the host's. Clients receive the replies to each other only if the server permits it: see the permissions of `operator` in docs/fleet.md.
 *
 * @param connection - A connection to the NATS server; it stays open when sockets close.
 * @param host - The name under which the host serves.
 * @throws TypeError or RangeError if an option or the name of the host is not valid.
 * @example The links of another host
 * ```ts
 * const nc = await connect({ servers: 'nats://127.0.0.1' });
 * rtLink({ transport: remote(nc, 'web-1') }).watch('getlink').subscribe(console.log);
 * ```
 * @public
 */
export function remote(connection: NatsConnection, host: string, options: RemoteOptions = {}): Transport {
  if (typeof (connection as Partial<NatsConnection> | undefined)?.subscribe !== 'function') {
    throw new TypeError(`remote: the first argument must be a connection to a NATS server, not ${kindOf(connection)}`);
  }
  encodeToken('remote: host', host);
  checkOptionNames('remote', options, KNOWN);
  const { netns, window = 1 << 20, openTimeout = 4000, silentAfter = 3 } = options;
  if (netns !== undefined) checkName(netns);
  const settings: RemoteSettings = {
    host,
    window: checkInteger('remote: window', window, 4096, 1 << 30),
    openTimeout: checkInteger('remote: openTimeout', openTimeout, 1, 600_000),
    silentAfter: checkInteger('remote: silentAfter', silentAfter, 1, 1000),
  };
  const names = new Map<number, string>();
  let next = FIRST_HANDLE;
  return {
    open(opening: TransportOptions): TransportConnection {
      const name = opening.netns === undefined ? netns : names.get(opening.netns);
      if (opening.netns !== undefined && name === undefined) throw noDescriptors(host);
      return new RemoteConnection(connection, settings, opening, name);
    },
    openNamespace(given: NetworkNamespace): NamespaceHandle {
      if (typeof given !== 'string') throw noDescriptors(host);
      checkName(given);
      const descriptor = next++;
      names.set(descriptor, given);
      // A namespace that is deleted ends each connection in it.
      return { descriptor, close: () => names.delete(descriptor) };
    },
    defer(callback: () => void): void {
      setImmediate(callback);
    },
  };
}

function checkName(netns: unknown): void {
  if (typeof netns === 'string' && isNamespaceName(netns)) return;
  throw new TypeError('remote: option netns must be the name of a network namespace of the host; paths and processes are not possible');
}

function noDescriptors(host: string): NetlinkError {
  return new NetlinkError(
    `EOPNOTSUPP open: a network namespace of host '${host}' cannot be opened by a process or a descriptor; use its name under /run/netns`,
    { errno: -Errno.EOPNOTSUPP, operation: 'open' },
  );
}
