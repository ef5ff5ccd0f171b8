import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { Observable, type Subscriber } from 'rxjs';
import { checkInteger, checkOptionNames, kindOf } from '../../check/index.js';
import { Errno } from '../../errors/index.js';
import { nativeTransport, type NetworkNamespace, type Transport } from '../../socket/index.js';
import { FleetError } from '../fleet-error.js';
import { openSubject, socketOf, socketSubject } from '../subjects.js';
import { ConnectionMonitor, type MonitorListener } from '../server/connection-monitor.js';
import { failureOf } from './failures.js';
import { readOpenRequest } from './opening.js';
import { Policy } from './policy/policy.js';
import type { RemotePolicy } from './policy/policy-options.js';
import { isNamespaceName } from './remote-settings.js';
import { ServedSocket, type ServedContext } from './served-socket.js';
import { SocketMemory } from './socket-memory.js';

/** The options of {@link serveRemote}. @public */
export interface ServeRemoteOptions {
  /** The name of this host: clients use it, and it is a part of the subjects. */
  readonly host: string;
  /**
   * The requests that are executed for others.
   * @defaultValue reading of routing netlink, traffic control and sockets
   */
  readonly policy?: RemotePolicy;
  /**
   * The network namespace of sockets for which a client names none.
   * @defaultValue the namespace of the calling thread
   */
  readonly netns?: NetworkNamespace;
  /**
   * The layer below the sockets; a fake kernel in tests.
   * @defaultValue the kernel
   */
  readonly transport?: Transport;
  /**
   * Milliseconds between two messages to a client: it counts this host as silent when three of them are missing.
   * @defaultValue 1000
   */
  readonly beat?: number;
  /**
   * The number of beats without a message of a client after which its socket is closed.
   * @defaultValue 10
   */
  readonly silentAfter?: number;
  /**
   * The number of sockets that may be open at once.
   * @defaultValue 256
   */
  readonly sockets?: number;
  /**
   * The largest window of a socket, in bytes: a client that does not read keeps as much in memory here.
   * @defaultValue 1 MiB
   */
  readonly window?: number;
  /**
   * The largest number of bytes that all sockets together keep in memory for their clients. If they exceed it, the largest socket of the client with the most unread bytes is closed.
   * @defaultValue 128 MiB
   */
  readonly memory?: number;
}

/** An event of {@link serveRemote}. Sockets have numbers, from 1. @public */
export type RemoteEvent =
  /** Clients can open sockets. */
  | { readonly type: 'started'; readonly host: string }
  /** A client has opened a socket. */
  | { readonly type: 'opened'; readonly socket: number; readonly protocol: number; readonly netns: string | undefined }
  /** A socket has ended. */
  | { readonly type: 'closed'; readonly socket: number; readonly reason: string }
  /** A client asked for something that the policy does not allow, or for one socket too many. */
  | { readonly type: 'refused'; readonly socket: number | undefined; readonly reason: string }
  /** The connection to the server was lost: all sockets are closed. */
  | { readonly type: 'disconnected' }
  /** The connection to the server is back. */
  | { readonly type: 'connected' };

const KNOWN: ReadonlySet<string> = new Set<keyof ServeRemoteOptions>([
  'host',
  'policy',
  'netns',
  'transport',
  'beat',
  'silentAfter',
  'sockets',
  'window',
  'memory',
]);

/**
 * Serves netlink sockets of this host to {@link remote}: subscribing starts, unsubscribing ends all sockets.
 *
 * Without a policy only requests that read are executed. All clients of a host have the same policy; who may ask is a permission of the server.
 *
 * @param connection - A connection to the NATS server; it stays open.
 * @returns An Observable that never completes. It fails with a {@link FleetError} if the account lacks a permission or the connection is closed.
 * @throws TypeError or RangeError if an option is not valid; names in the policy are checked when it starts.
 * @example Serves links, addresses and routes of this host
 * ```ts
 * serveRemote(nc, { host: 'web-1' }).subscribe(console.log);
 * ```
 * @public
 */
export function serveRemote(connection: NatsConnection, options: ServeRemoteOptions): Observable<RemoteEvent> {
  if (typeof (connection as Partial<NatsConnection> | undefined)?.subscribe !== 'function') {
    throw new TypeError(`serveRemote: the first argument must be a connection to a NATS server, not ${kindOf(connection)}`);
  }
  if (typeof options !== 'object' || (options as unknown) === null)
    throw new TypeError(`serveRemote: options must be an object, not ${kindOf(options)}`);
  checkOptionNames('serveRemote', options, KNOWN);
  const { host, policy = {}, netns, transport = nativeTransport } = options;
  const { beat = 1000, silentAfter = 10, sockets = 256, window = 1 << 20, memory = 128 << 20 } = options;
  openSubject(host);
  const settings = {
    host,
    netns,
    transport,
    beat: checkInteger('serveRemote: beat', beat, 10, 3_600_000),
    silentAfter: checkInteger('serveRemote: silentAfter', silentAfter, 1, 1000),
    sockets: checkInteger('serveRemote: sockets', sockets, 1, 1_000_000),
    largestWindow: checkInteger('serveRemote: window', window, 4096, 1 << 30),
    memory: checkInteger('serveRemote: memory', memory, 4096, 2 ** 40),
  };
  return new Observable((subscriber) => {
    let server: Server | undefined;
    Policy.load(host, policy).then(
      (loaded) => {
        if (!subscriber.closed) server = new Server(connection, settings, loaded, subscriber);
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => server?.stop();
  });
}

interface Settings extends Pick<ServedContext, 'host' | 'netns' | 'transport' | 'beat' | 'silentAfter' | 'largestWindow'> {
  readonly sockets: number;
  readonly memory: number;
}

type SocketName = NonNullable<ReturnType<typeof socketOf>>;

const keyOf = ({ client, id }: SocketName): string => `${client}.${id}`;

/** The sockets of a host while it serves. */
class Server implements MonitorListener {
  readonly #nats: NatsConnection;
  readonly #settings: Settings;
  readonly #policy: Policy;
  readonly #subscriber: Subscriber<RemoteEvent>;
  readonly #monitor: ConnectionMonitor;
  readonly #memory: SocketMemory;
  readonly #sockets = new Map<string, { readonly number: number; readonly served: ServedSocket }>();
  readonly #subscriptions: readonly Subscription[];
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  constructor(nats: NatsConnection, settings: Settings, policy: Policy, subscriber: Subscriber<RemoteEvent>) {
    this.#nats = nats;
    this.#settings = settings;
    this.#policy = policy;
    this.#subscriber = subscriber;
    this.#memory = new SocketMemory(settings.host, settings.memory);
    this.#monitor = ConnectionMonitor.of(nats);
    this.#monitor.add(this);
    const { host, beat } = settings;
    const frames = socketSubject(host, '*', '*', 'tx');
    this.#subscriptions = [
      // Subscribed to before a socket is open: a message of a client finds it, also in a cluster.
      nats.subscribe(frames, { callback: (error, message) => (error === null ? this.#frame(message) : this.#denied(frames, error)) }),
      nats.subscribe(openSubject(host), {
        queue: 'rxf',
        callback: (error, message) => (error === null ? void this.#open(message) : this.#denied(openSubject(host), error)),
      }),
    ];
    this.#timer = setInterval(() => this.#beat(), beat);
    this.#timer.unref();
    // Without the answer to a flush the first client could find no subscription.
    nats.flush().then(
      () => subscriber.next({ type: 'started', host }),
      (error: unknown) => this.#fail('closed', 'the connection to the server was closed', error),
    );
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#monitor.remove(this);
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    const isConnected = this.#monitor.connected;
    for (const { served } of sockets) {
      if (isConnected) served.end(this.#closing('the host has stopped serving'));
      else served.close();
    }
    if (!this.#nats.isClosed()) for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  lost(): void {
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    for (const { served } of sockets) served.close();
    if (this.#nats.isClosed()) this.#fail('closed', 'the connection to the server was closed');
    else this.#subscriber.next({ type: 'disconnected' });
  }

  back(): void {
    this.#subscriber.next({ type: 'connected' });
  }

  denied(subject: string): void {
    const pattern = socketSubject(this.#settings.host, '*', '*', 'rx');
    const [prefix = ''] = pattern.split('*');
    if (subject.startsWith(prefix)) this.#denied(pattern, undefined);
  }

  #denied(subject: string, cause: unknown): void {
    this.#fail(
      'permission',
      `the account of this connection may not use ${subject}; give it the permission in the server's configuration`,
      cause,
    );
  }

  #fail(reason: 'permission' | 'closed', text: string, cause?: unknown): void {
    this.#subscriber.error(new FleetError(`EFLEET serveRemote: host '${this.#settings.host}': ${text}`, reason, { cause }));
  }

  #frame({ subject, data }: Msg): void {
    const socket = socketOf(subject);
    if (socket !== undefined) this.#sockets.get(keyOf(socket))?.served.receive(data);
  }

  /**
   * Opens a socket. The answer goes to a subject of a socket of this host only: otherwise a client could make this host publish at subjects that
   * only the host may use, such as that of its state.
   */
  async #open(message: Msg): Promise<void> {
    const { reply = '' } = message;
    const { client, id: asked } = socketOf(reply) ?? {};
    const { host } = this.#settings;
    if (client === undefined || asked === undefined || reply !== socketSubject(host, client, asked, 'welcome')) return;
    let key: string | undefined;
    try {
      const request = readOpenRequest(message.data);
      if (request.netns !== undefined && !isNamespaceName(request.netns)) throw new TypeError('netns must be a name under /run/netns');
      const socket = { client, id: request.id };
      if (this.#sockets.has(keyOf(socket))) throw new TypeError('a socket with this id is open');
      this.#checkRoom();
      key = keyOf(socket);
      const number = ++this.#count;
      const served: ServedSocket = new ServedSocket(
        this.#context(socket, number, (bytes) => this.#memory.set(client, served, bytes)),
        request,
      );
      this.#sockets.set(key, { number, served });
      const welcome = await served.open();
      if (!this.#monitor.connected || this.#sockets.get(key)?.served !== served) {
        served.close();
        return;
      }
      this.#nats.publish(reply, JSON.stringify(welcome));
      this.#subscriber.next({ type: 'opened', socket: number, protocol: request.protocol, netns: request.netns });
    } catch (error) {
      if (key !== undefined) this.#sockets.delete(key);
      if (this.#monitor.connected) this.#nats.publish(reply, JSON.stringify({ failure: failureOf(error) }));
    }
  }

  #context(socket: SocketName, number: number, held: ServedContext['held']): ServedContext {
    const rx = socketSubject(this.#settings.host, socket.client, socket.id, 'rx');
    return {
      ...this.#settings,
      policy: this.#policy,
      payloadLimit: this.#nats.info?.max_payload ?? 1 << 20,
      publish: (frame) => {
        if (this.#monitor.connected) this.#nats.publish(rx, frame);
      },
      held,
      refused: (reason) => this.#subscriber.next({ type: 'refused', socket: number, reason }),
      ended: (reason) => {
        this.#sockets.delete(keyOf(socket));
        this.#subscriber.next({ type: 'closed', socket: number, reason });
      },
    };
  }

  #checkRoom(): void {
    const { host, sockets } = this.#settings;
    if (this.#sockets.size < sockets) return;
    const reason = `host '${host}' serves ${sockets} sockets already; close others, or raise its option sockets`;
    this.#subscriber.next({ type: 'refused', socket: undefined, reason });
    throw new FleetError(`EMFILE remote: ${reason}`, 'closed', { code: 'EMFILE', errno: -Errno.EMFILE });
  }

  #closing(text: string): FleetError {
    return new FleetError(`ENOTCONN remote: host '${this.#settings.host}': ${text}`, 'closed', {
      code: 'ENOTCONN',
      errno: -Errno.ENOTCONN,
    });
  }

  #beat(): void {
    for (const { served } of this.#sockets.values()) served.beat();
  }
}
