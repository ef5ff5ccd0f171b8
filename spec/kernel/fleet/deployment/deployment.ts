import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nkeyAuthenticator, nkeys, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { startNatsServer, type NatsServer } from '../../../support/nats-server.js';
import { requirePrograms, run } from '../../../support/programs.js';

const root = resolve(import.meta.dirname, '../../../..');

/** A nats-server with the configuration of docs/fleet. */
export class Deployment {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'rxnl-fleet-'));
  readonly #open: NatsConnection[] = [];
  #server?: NatsServer;

  /**
   * Makes the configuration with the script of docs/fleet, and starts the server with it.
   *
   * @param options - Those of the script.
   * @param prefix - The command that starts the server.
   */
  async start(hosts: readonly string[], options: readonly string[] = [], prefix: readonly string[] = []): Promise<void> {
    requirePrograms('openssl');
    this.prepare(hosts, ...options);
    this.#server = await startNatsServer({ configFile: join(this.folder, 'nats-server.conf'), prefix });
  }

  prepare(hosts: readonly string[], ...options: readonly string[]): void {
    const script = join(root, 'docs/fleet/prepare.mjs');
    run(process.execPath, [script, this.folder, '--name', 'nats.example.com', '--hosts', hosts.join(','), ...options]);
  }

  get server(): NatsServer {
    return this.#server!;
  }

  get url(): string {
    return `nats://localhost:${String(this.server.port)}`;
  }

  /** The file with the private key of a user. */
  keyFile(user: string): string {
    return join(this.folder, 'keys', `${user}.nk`);
  }

  /** The file with the options of the agent of a host. */
  environmentFile(host: string): string {
    return join(this.folder, 'hosts', `agent-${host}.env`);
  }

  /** The subject at which a user receives replies. */
  inbox(user: string): string {
    return `_INBOX.${this.publicKey(user)}`;
  }

  publicKey(user: string): string {
    return nkeys.fromSeed(this.#seed(user)).getPublicKey();
  }

  #seed(user: string): Uint8Array {
    return Buffer.from(readFileSync(this.keyFile(user), 'utf8').trim());
  }

  get caFile(): string {
    return join(this.folder, 'tls/ca.pem');
  }

  /** Connects as a user. */
  async connect(user: string): Promise<NatsConnection> {
    const connection = await connect({
      servers: this.url,
      tls: { caFile: this.caFile },
      authenticator: nkeyAuthenticator(this.#seed(user)),
      inboxPrefix: this.inbox(user),
      reconnect: false,
    });
    this.#open.push(connection);
    return connection;
  }

  async delete(): Promise<void> {
    await Promise.all(this.#open.map((connection) => connection.close()));
    await this.#server?.delete();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
