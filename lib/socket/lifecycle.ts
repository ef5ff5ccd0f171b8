import { Subscription, asyncScheduler, type Subscriber } from 'rxjs';
import { SocketClosedError, type NetlinkError } from '../errors/index.js';
import type { Memberships } from './memberships.js';
import type { NamespaceReference } from './transport/shared-namespace.js';
import type { SocketSettings } from './options.js';
import { Session } from './session/session.js';
import type { SocketSetup } from './setup.js';
import type { SocketStreams } from './session/streams.js';
import type { Trace } from './session/trace.js';
import type { Transport } from './transport/transport.js';

/** What a life needs to open a descriptor. @internal */
export interface LifeParts {
  readonly settings: SocketSettings;
  readonly transport: Transport;
  readonly namespace: NamespaceReference;
  readonly setup: SocketSetup;
  readonly trace: Trace;
  readonly streams: SocketStreams;
  /** Asked at each opening only: memberships know the life, too. */
  readonly memberships: () => Memberships;
}

/**
 * When a socket is open: from the first holder to the last, and one turn longer, because RxJS's `retry` and `catchError`
 * unsubscribe before they subscribe again.
 *
 * @internal
 */
export class SocketLife {
  readonly #parts: LifeParts;
  readonly #leases = new Set<Subscription>();
  #session: Session | undefined;
  #holders = 0;
  readonly #onGone = (): void => this.end(new SocketClosedError('netns'));
  #paused = false;
  #closed = false;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  /** What is open, if anything. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** What is open; throws where nothing is. */
  get open(): Session {
    if (this.#session === undefined) throw new SocketClosedError(this.#closed ? 'closed' : 'not open');
    return this.#session;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    if (this.#session !== undefined) this.#session.paused = paused;
  }

  /** Holds the socket open for a subscriber; an opening error becomes its error. */
  hold(subscriber: Subscriber<unknown>): Session | undefined {
    try {
      subscriber.add(this.#acquire());
    } catch (error) {
      subscriber.error(error);
      return undefined;
    }
    return this.#session;
  }

  /** Holds it open until the lease is unsubscribed; throws the opening error. */
  lease(): Subscription {
    const lease = new Subscription(this.#acquire());
    this.#leases.add(lease);
    lease.add(() => this.#leases.delete(lease));
    return lease;
  }

  /** Ends it for good. */
  close(): void {
    this.#closed = true;
    this.end(new SocketClosedError('closed'));
  }

  /** Closes the descriptor; whoever waits for anything gets the error. It may be opened again. */
  end(error: NetlinkError): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    const leases = [...this.#leases];
    this.#leases.clear();
    this.#parts.namespace.release(this.#onGone);
    // Whoever is told may open it again at once: nothing of the old life may be left by then.
    session.end(error);
    for (const lease of leases) lease.unsubscribe();
  }

  #acquire(): () => void {
    if (this.#closed) throw new SocketClosedError('closed');
    const session = (this.#session ??= this.#start());
    this.#holders++;
    return () => {
      if (--this.#holders > 0) return;
      this.#parts.transport.defer(() => {
        if (this.#holders === 0 && this.#session === session) this.end(new SocketClosedError('not open'));
      });
    };
  }

  #start(): Session {
    const { settings, transport, namespace, setup, trace, streams, memberships } = this.#parts;
    const { protocol, portId, datagramSize, sender } = settings;
    const netns = namespace.acquire(transport, this.#onGone);
    try {
      const session = new Session({
        protocol,
        sender,
        streams,
        trace,
        transport,
        wait: (delay, callback) => asyncScheduler.schedule(callback, delay),
        open: (receive) => {
          const { findSecrets } = trace;
          const connection = transport.open({ protocol, portId, netns, datagramSize, ref: setup.ref, receive, findSecrets });
          try {
            setup.apply(connection, trace);
            memberships().joinAll(connection);
          } catch (error) {
            connection.close();
            throw error;
          }
          return connection;
        },
      });
      session.paused = this.#paused;
      return session;
    } catch (error) {
      namespace.release(this.#onGone);
      throw error;
    }
  }
}
