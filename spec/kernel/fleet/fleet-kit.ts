import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { Observable, Subscription } from 'rxjs';
import {
  agent,
  fleet,
  type AgentEvent,
  type AgentOptions,
  type FleetChange,
  type FleetOptions,
  type FleetSilentReason,
} from '../../../lib/fleet/index.js';
import { createNamespace, type Namespace } from '../../support/namespace.js';
import { startNatsServer, type NatsServer, type NatsServerOptions } from '../../support/nats-server.js';
import { PATIENCE } from '../../support/patience.js';

/** The interval of beats in specs. */
export const BEAT = 100;

/** The parts of a fleet that specs start; `delete` ends all of them. */
export class FleetKit {
  readonly server: NatsServer;
  readonly #cleanups: (() => unknown)[] = [];

  private constructor(server: NatsServer) {
    this.server = server;
    this.#cleanups.push(() => server.delete());
  }

  static async create(options: NatsServerOptions = {}): Promise<FleetKit> {
    return new FleetKit(await startNatsServer(options));
  }

  async connect(options: object = {}): Promise<NatsConnection> {
    const connection = await connect({ servers: this.server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50, ...options });
    this.#cleanups.push(() => connection.close());
    return connection;
  }

  namespace(...lines: readonly string[]): Namespace {
    const namespace = createNamespace();
    this.#cleanups.push(() => namespace.delete());
    for (const line of lines) namespace.ip(line);
    return namespace;
  }

  /** Starts an agent and records its events. */
  agent(connection: NatsConnection, options: AgentOptions): Recorded<AgentEvent> {
    return this.record(agent(connection, { beat: BEAT, ...options }));
  }

  /** Starts a reader of links. */
  links(connection: NatsConnection, options: FleetOptions = {}): Recorded<FleetChange<{ readonly ifname?: string | undefined }>> {
    return this.record(fleet(connection, { beat: BEAT, ...options }).watch('rt-link', 'getlink', { pick: ['ifname'] }));
  }

  record<T>(source: Observable<T>): Recorded<T> {
    const recorded = new Recorded(source);
    this.#cleanups.push(() => recorded.stop());
    return recorded;
  }

  async delete(): Promise<void> {
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
    this.#cleanups.length = 0;
  }
}

/** The emissions of an Observable. */
export class Recorded<T> {
  readonly values: T[] = [];
  error: unknown;
  readonly #subscription: Subscription;

  constructor(source: Observable<T>) {
    this.#subscription = source.subscribe({ next: (value) => this.values.push(value), error: (error: unknown) => (this.error = error) });
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  /** Waits for an emission, also an earlier one, and returns it. */
  async find(matches: (value: T) => boolean, from = 0): Promise<T> {
    let found: T | undefined;
    await until(() => {
      if (this.error !== undefined) throw this.error as Error;
      found = this.values.slice(from).find(matches);
      return found !== undefined;
    });
    return found!;
  }

  /** Waits for the error. */
  async fails(): Promise<Error> {
    await until(() => this.error !== undefined);
    return this.error as Error;
  }
}

/** Returns a function that finds a `silent` with a reason. On a busy machine a late beat causes another one before it. */
export function isSilent(reason: FleetSilentReason): (change: { readonly type: string; readonly reason?: string }) => boolean {
  return (change) => change.type === 'silent' && change.reason === reason;
}

/** Waits for a condition. */
export async function until(condition: () => boolean, milliseconds = 15_000): Promise<void> {
  const end = Date.now() + milliseconds * PATIENCE;
  while (!condition()) {
    if (Date.now() > end) expect.fail(`the condition was not met within ${String(milliseconds)} ms: ${condition.toString()}`);
    await delay(10);
  }
}

/** Returns the entries of each host by the changes of a reader. */
export function entriesOf<T extends { readonly ifname?: string | undefined }>(changes: readonly FleetChange<T>[]): Map<string, string[]> {
  const hosts = new Map<string, Set<string>>();
  for (const change of changes) {
    const names = hosts.get(change.host) ?? new Set<string>();
    hosts.set(change.host, names);
    if (change.type === 'synced') {
      names.clear();
      for (const { ifname } of change.entries) names.add(ifname ?? '');
    } else if (change.type === 'added') names.add(change.value.ifname ?? '');
    else if (change.type === 'removed') names.delete(change.value.ifname ?? '');
  }
  return new Map([...hosts].map(([host, names]) => [host, [...names].sort()]));
}

/** Returns the names of the links of a namespace by `ip -j`. */
export function linkNames(namespace: Namespace): string[] {
  const links = JSON.parse(namespace.run('ip', '-j', 'link')) as readonly { readonly ifname: string }[];
  return links.map(({ ifname }) => ifname).sort();
}
