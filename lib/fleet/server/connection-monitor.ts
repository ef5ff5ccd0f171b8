import type { NatsConnection, Status } from '@nats-io/nats-core';

/** Receives what happens to a connection to the server. @internal */
export interface MonitorListener {
  /** The connection was lost or closed; what was under way may be lost. */
  lost(): void;
  /** The server rejected a message: the account lacks the permission to publish it. */
  denied?(subject: string): void;
  /** The connection is back. */
  back?(): void;
}

const monitors = new WeakMap<NatsConnection, ConnectionMonitor>();

/** Follows the state of a connection: one for all agents, readers and sockets of the connection. @internal */
export class ConnectionMonitor {
  readonly #connection: NatsConnection;
  readonly #listeners = new Set<MonitorListener>();
  #connected = true;

  private constructor(connection: NatsConnection) {
    this.#connection = connection;
    void this.#follow(connection.status());
  }

  static of(connection: NatsConnection): ConnectionMonitor {
    let monitor = monitors.get(connection);
    if (monitor === undefined) monitors.set(connection, (monitor = new ConnectionMonitor(connection)));
    return monitor;
  }

  /** False while messages would wait for the connection. */
  get connected(): boolean {
    return this.#connected && !this.#connection.isClosed();
  }

  add(listener: MonitorListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: MonitorListener): void {
    this.#listeners.delete(listener);
  }

  async #follow(states: AsyncIterable<Status>): Promise<void> {
    for await (const state of states) this.#receive(state);
    this.#lose();
  }

  #receive(state: Status): void {
    if (state.type === 'disconnect' || state.type === 'close') this.#lose();
    else if (state.type === 'reconnect') {
      this.#connected = true;
      for (const listener of [...this.#listeners]) listener.back?.();
    } else if (state.type === 'error') {
      const { subject, operation } = state.error as Error & { readonly subject?: unknown; readonly operation?: unknown };
      if (operation !== 'publish' || typeof subject !== 'string') return;
      for (const listener of [...this.#listeners]) listener.denied?.(subject);
    }
  }

  #lose(): void {
    this.#connected = false;
    for (const listener of [...this.#listeners]) listener.lost();
  }
}
