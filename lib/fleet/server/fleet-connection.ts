import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { BehaviorSubject, defer, filter, map, mergeMap, of, take, throwError, type Observable } from 'rxjs';
import { FleetError } from '../fleet-error.js';
import { ConnectionMonitor } from './connection-monitor.js';
import { ServerClock } from './server-clock.js';

/** Publishes at the same time on one connection: more of them wait here, so that a slow server receives larger batches. */
const MAX_PUBLISHES = 32;

const known = new WeakMap<NatsConnection, FleetConnection>();

/** Returns what the agents and readers of a connection share. @internal */
export function fleetConnection(connection: NatsConnection): FleetConnection {
  let shared = known.get(connection);
  if (shared === undefined) {
    shared = new FleetConnection(connection);
    known.set(connection, shared);
  }
  return shared;
}

type ConnectionState = 'up' | 'down' | 'closed';

/** The state of a connection to the server, its JetStream clients, and the limit of publishes at the same time. @internal */
export class FleetConnection {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly clock: ServerClock = new ServerClock();
  #manager: Promise<JetStreamManager> | undefined;
  readonly #state: BehaviorSubject<ConnectionState>;
  readonly #waiting: (() => void)[] = [];
  #publishes = 0;
  readonly #unanswered = new Set<(error: Error) => void>();

  constructor(connection: NatsConnection) {
    this.connection = connection;
    this.client = jetstream(connection);
    this.#state = new BehaviorSubject<ConnectionState>(connection.isClosed() ? 'closed' : 'up');
    ConnectionMonitor.of(connection).add({ lost: () => this.#lose(), back: () => this.#set('up') });
    void connection.closed().then(() => this.#state.next('closed'));
  }

  /** True while the connection is established, as far as the client knows. */
  get isUp(): boolean {
    return this.#state.value === 'up';
  }

  /** Emits true or false at once, then each time the connection is established or lost. Errors when it is closed. */
  get up(): Observable<boolean> {
    return this.#state.pipe(mergeMap((state) => (state === 'closed' ? throwError(closedError) : of(state === 'up'))));
  }

  /** Completes with the first time that the connection is established, at once if it is. */
  get established(): Observable<void> {
    return defer(() => this.up).pipe(
      filter((up) => up),
      take(1),
      map(() => undefined),
    );
  }

  /** The manager of streams and consumers; nothing is sent to create it. */
  get manager(): Promise<JetStreamManager> {
    this.#manager ??= jetstreamManager(this.connection, { checkAPI: false });
    return this.#manager;
  }

  /** The largest payload that an agent publishes: half of the server's limit, which also counts headers. */
  get messageLimit(): number {
    return Math.floor((this.connection.info?.max_payload ?? 1024 * 1024) / 2);
  }

  /** Runs a publish when fewer than 32 are under way. */
  async limited<T>(publish: () => Promise<T>): Promise<T> {
    if (this.#publishes >= MAX_PUBLISHES) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#publishes++;
    try {
      return await publish();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#publishes--;
      else next();
    }
  }

  /** Rejects at once if the connection is lost before the promise settles: the outcome is unknown then. */
  untilLost<T>(request: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#unanswered.add(reject);
      request.then(resolve, reject).finally(() => this.#unanswered.delete(reject));
    });
  }

  #lose(): void {
    if (!this.connection.isClosed()) this.#set('down');
    for (const reject of this.#unanswered) reject(new Error('the connection to the server was lost'));
  }

  #set(state: ConnectionState): void {
    if (this.#state.value !== 'closed') this.#state.next(state);
  }
}

function closedError(): FleetError {
  return new FleetError('fleet: the connection to the server was closed', 'closed', { code: 'ENOTCONN' });
}
