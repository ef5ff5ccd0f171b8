import type { NatsConnection } from '@nats-io/nats-core';
import { setTimeout as delay } from 'node:timers/promises';
import { Observable, Subject, Subscription, share, type Subscriber } from 'rxjs';
import { checkServerVersion } from '../server/check-server.js';
import { fleetConnection, type FleetConnection } from '../server/fleet-connection.js';
import { serverError } from '../server/server-error.js';
import { storedShards } from '../server/stored-shards.js';
import { StreamMissing, ensureStreams } from '../server/streams.js';
import { stateStream } from '../subjects.js';
import type { AgentEvent } from './agent-event.js';
import { checkAgentOptions, type AgentOptions, type CheckedAgentOptions } from './agent-options.js';
import { openTables } from './agent-table.js';
import { beat, endedBy, nextEpoch, readBeat, type Epoch } from './beats.js';
import { streamLosses } from './stream-losses.js';
import { removeTable, writeTable, type TableContext } from './table-writer.js';

/**
 * Publishes the tables of a host to a fleet, from the subscription until it is unsubscribed from.
 *
 * The fleet carries states, not events: an object that appeared and disappeared within one message is not in it. Counters, timers and key
 * material are never published.
 *
 * The agent survives losses of the connection and of the server's last messages. It errors if another agent of the host starts, if the kernel's
 * tables cannot be read, and if the connection is closed; the caller then starts another one.
 *
 * @param connection - A connection to nats-server 2.10 or later with JetStream. Give it `maxReconnectAttempts: -1`. The agent does not close it.
 * @returns An Observable of what the agent does; it never completes.
 * @throws TypeError, RangeError for wrong options. As errors: {@link FleetError}, and the errors of `watch()`.
 *
 * @example Publish links and routes of this host
 * ```ts
 * import { hostname } from 'node:os';
 * import { connect } from '@nats-io/transport-node';
 * import { agent } from 'rxnetlink/fleet';
 *
 * const connection = await connect({ servers: 'nats://127.0.0.1:4222', maxReconnectAttempts: -1 });
 * agent(connection, { host: hostname(), tables: ['links', 'routes'] }).subscribe();
 * ```
 * @public
 */
export function agent(connection: NatsConnection, options: AgentOptions): Observable<AgentEvent> {
  const checked = checkAgentOptions(options);
  return new Observable<AgentEvent>((subscriber) => {
    const run = new AgentRun(fleetConnection(connection), checked, subscriber);
    void run.start().catch((error: unknown) => subscriber.error(error));
  });
}

/** Milliseconds between two looks for a stream that the account may not create, doubled with each. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

/** An agent from its start to its end. */
class AgentRun {
  readonly #fleet: FleetConnection;
  readonly #options: CheckedAgentOptions;
  readonly #subscriber: Subscriber<AgentEvent>;
  readonly #stored = new Map<string, boolean>();
  readonly #unread = new Map<string, string>();
  #ensuring: Promise<void> | undefined;
  readonly #tablesChanged = new Subject<void>();

  constructor(fleet: FleetConnection, options: CheckedAgentOptions, subscriber: Subscriber<AgentEvent>) {
    this.#fleet = fleet;
    this.#options = options;
    this.#subscriber = subscriber;
  }

  async start(): Promise<void> {
    const { host, tables: operations, sample, cell, beat: interval, sockets } = this.#options;
    const fleet = this.#fleet;
    const subscriber = this.#subscriber;
    checkServerVersion(fleet.connection.info?.version);
    const tables = await openTables(operations, sockets, sample);
    const writers = new Subscription();
    subscriber.add(() => {
      writers.unsubscribe();
      for (const table of tables) table.close();
    });
    await this.#ensureStreams(cell);
    const [last, used] = await this.#readServer(cell);
    if (subscriber.closed) return;
    const epoch = nextEpoch(last.beat, Date.now());
    for (const table of tables) this.#stored.set(nameOf(table), false);
    const context = this.#context(cell, epoch);
    const beats = beat({
      fleet,
      host,
      epoch,
      interval,
      cell,
      last: last.sequence,
      tables: () => Object.fromEntries(this.#stored),
      unread: () => Object.fromEntries(this.#unread),
      tablesChanged: this.#tablesChanged,
      ensureStream: context.ensureStream,
    });
    const error = (failure: unknown): void => subscriber.error(failure);
    subscriber.add(
      beats.subscribe({
        next: () => {
          subscriber.next({ type: 'started', host, epoch: epoch.epoch, tables: operations.map(({ name }) => name) });
          this.#announce();
          for (const table of tables) {
            if (subscriber.closed) return;
            const events = writeTable(table, used.get(nameOf(table)) ?? 0, context);
            writers.add(events.subscribe({ next: (event) => subscriber.next(event), error }));
          }
          for (const [name, shards] of used) {
            const [family = '', op = ''] = name.split('/');
            if (this.#stored.has(name)) continue;
            writers.add(removeTable({ family, op }, shards, context).subscribe({ next: (event) => subscriber.next(event), error }));
          }
        },
        error,
      }),
    );
  }

  /** Creates or checks the streams. While one does not exist that the account may not create, waits for it. */
  #ensureStreams(cell: number): Promise<void> {
    this.#ensuring ??= this.#waitForStreams(cell).finally(() => (this.#ensuring = undefined));
    return this.#ensuring;
  }

  async #waitForStreams(cell: number): Promise<void> {
    let reason = '';
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
      try {
        await ensureStreams(this.#fleet, cell, this.#options.beat, this.#options.cells);
        if (reason !== '') this.#subscriber.next({ type: 'connected' });
        return;
      } catch (error) {
        if (!(error instanceof StreamMissing)) throw error;
        if (error.message !== reason) this.#subscriber.next({ type: 'waiting', reason: error.message });
        reason = error.message;
      }
      await delay(pause, undefined, { ref: false });
      if (this.#subscriber.closed) return;
    }
  }

  /** Reads the last beat of the host, and the number of shards of its tables that the server has. */
  async #readServer(cell: number) {
    const { host } = this.#options;
    try {
      const used = new Map<string, number>();
      for (const shard of await storedShards(this.#fleet, cell, { host, family: '*', op: '*' })) {
        const name = nameOf(shard);
        used.set(name, Math.max(used.get(name) ?? 0, shard.shard + 1));
      }
      return [await readBeat(this.#fleet, host), used] as const;
    } catch (error) {
      throw serverError(`agent: host '${host}'`, error);
    }
  }

  #context(cell: number, epoch: Epoch): TableContext {
    const { host, linger, shards, beat: interval } = this.#options;
    const fleet = this.#fleet;
    return {
      fleet,
      host,
      cell,
      stream: stateStream(cell),
      epoch: epoch.epoch,
      linger,
      shards,
      checkReplaced: async () => {
        const last = (await readBeat(fleet, host).catch(() => undefined))?.beat;
        const error = last && endedBy(host, last, epoch);
        if (error !== undefined) throw error;
      },
      ensureStream: () => this.#ensureStreams(cell),
      losses: streamLosses(fleet, cell, interval).pipe(share()),
      stored: (table, isStored, unread) => {
        const name = nameOf(table);
        if (this.#stored.get(name) === isStored && this.#unread.get(name) === unread) return;
        this.#stored.set(name, isStored);
        if (unread === undefined) this.#unread.delete(name);
        else this.#unread.set(name, unread);
        this.#tablesChanged.next();
      },
    };
  }

  /** Emits losses of the connection. */
  #announce(): void {
    let wasUp = true;
    const subscriber = this.#subscriber;
    subscriber.add(
      this.#fleet.up.subscribe({
        next: (up) => {
          if (up !== wasUp) {
            subscriber.next(up ? { type: 'connected' } : { type: 'waiting', reason: 'the connection to the server is lost' });
          }
          wasUp = up;
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
  }
}

function nameOf({ family, op }: { readonly family: string; readonly op: string }): string {
  return `${family}/${op}`;
}
