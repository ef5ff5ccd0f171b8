import { setTimeout as delay } from 'node:timers/promises';
import { credsAuthenticator, nkeyAuthenticator, nkeys, type NatsConnection } from '@nats-io/nats-core';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { defer, Observable, Subscription } from 'rxjs';
import { UsageError } from '../../run/usage-error.js';
import { reasonOf, StartedSockets } from './connect-failure.js';
import { optionFile } from './option-file.js';

/** The options by which a command reaches the server. */
export interface ServerOptions {
  readonly server?: string;
  readonly nkey?: string;
  readonly creds?: string;
  readonly tlsCa?: string;
}

/** The time between two pings: a connection that a network cut has ended is found after two of them. */
const PING_MS = 10_000;

/** The time between two attempts to connect again. */
const RECONNECT_MS = 1000;

/** The time for what is to be sent when a command ends. */
const CLOSE_MS = 500;

/**
 * Runs work with a connection to the server that the options name, and closes the connection when the work ends.
 *
 * @param flag - The option that named the server, for errors.
 */
export function withServer<T>(
  options: ServerOptions,
  name: string,
  work: (connection: NatsConnection) => Observable<T>,
  flag = '--server',
): Observable<T> {
  return new Observable((subscriber) => {
    const running = new Subscription();
    const opened = open(options, name, flag);
    opened.then(
      (connection) => {
        // Options of the library are checked when the work is made.
        if (!running.closed) running.add(defer(() => work(connection)).subscribe(subscriber));
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      running.unsubscribe();
      opened.then(close, () => undefined);
    };
  });
}

/** Sends what the work has published, and closes. */
async function close(connection: NatsConnection): Promise<void> {
  const timer = new AbortController();
  // Without a server, there is no end of what is to be sent.
  await Promise.race([connection.drain(), delay(CLOSE_MS, undefined, { signal: timer.signal })]).catch(() => undefined);
  timer.abort();
  await connection.close();
}

async function open(options: ServerOptions, name: string, flag: string): Promise<NatsConnection> {
  const servers = addresses(options.server, flag);
  const call: NodeConnectionOptions = {
    servers,
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
    ...security(options, servers),
  };
  const started = new StartedSockets();
  try {
    return await connect(call);
  } catch (error) {
    started.destroy();
    throw new Error(`cannot connect to ${servers.join(', ')}: ${reasonOf(error as Error)}`, { cause: error });
  } finally {
    started.stop();
  }
}

/** Returns the addresses of the servers. A password in an address would be visible to all users of the machine. */
function addresses(text: string | undefined, flag: string): string[] {
  if (text === undefined) throw new UsageError(`${flag} is missing: expected the address of a nats-server, such as nats://127.0.0.1:4222`);
  const servers = text.split(',');
  if (text.includes('@'))
    throw new UsageError(`${flag}: the address contains a user or a password; use --nkey or --creds in place of them`);
  for (const server of servers) {
    const { port } = /^(?:(?:nats|tls):\/\/)?(?:\[[^\s/\]]+\]|[^\s/:]+)(?::(?<port>\d+))?$/.exec(server)?.groups ?? { port: '-1' };
    if (Number(port ?? 0) < 0 || Number(port ?? 0) > 65_535)
      throw new UsageError(`${flag} '${server}': expected an address, such as nats://127.0.0.1:4222 or tls://nats.example.com:4222`);
  }
  return servers;
}

function security({ nkey, creds, tlsCa }: ServerOptions, servers: readonly string[]): NodeConnectionOptions {
  if (nkey !== undefined && creds !== undefined) throw new UsageError('--nkey and --creds are two ways to log in: use one of them');
  const tls = tlsCa !== undefined ? { ca: certificateOf(tlsCa) } : servers.some((server) => server.startsWith('tls:')) ? {} : undefined;
  return { ...(tls !== undefined && { tls }), ...(nkey !== undefined && keyOf(nkey)), ...(creds !== undefined && credentialsOf(creds)) };
}

function certificateOf(file: string): string {
  const text = optionFile('--tls-ca', file);
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`--tls-ca ${file}: the file does not contain a certificate in the format PEM`);
  return text;
}

/** Reads the file with a private key. Replies arrive at subjects with the public key, which the permissions of docs/fleet require. */
function keyOf(file: string): NodeConnectionOptions {
  const text = optionFile('--nkey', file).trim();
  const publicKey = publicKeyOf(text);
  if (publicKey === undefined)
    throw new UsageError(`--nkey ${file}: the file does not contain the private key of a user, which begins with SU`);
  return { authenticator: nkeyAuthenticator(Buffer.from(text)), inboxPrefix: `_INBOX.${publicKey}` };
}

/** Returns the public key of a user; undefined if the text is not a private key. The error of the library may contain parts of it. */
function publicKeyOf(seed: string): string | undefined {
  try {
    return nkeys.fromSeed(Buffer.from(seed)).getPublicKey();
  } catch {
    return undefined;
  }
}

function credentialsOf(file: string): NodeConnectionOptions {
  const text = optionFile('--creds', file);
  const publicKey = publicKeyOf(/^SU[A-Z2-7]+$/m.exec(text)?.[0] ?? '');
  if (publicKey === undefined || !text.includes('-----BEGIN NATS USER JWT-----'))
    throw new UsageError(`--creds ${file}: the file does not contain the credentials of a user: a JWT and a private key`);
  return { authenticator: credsAuthenticator(Buffer.from(text)), inboxPrefix: `_INBOX.${publicKey}` };
}
