import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { credsAuthenticator, nkeyAuthenticator, nkeys, type NatsConnection } from '@nats-io/nats-core';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { Observable, Subscription } from 'rxjs';
import { UsageError } from '../run/usage-error.js';

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
        if (!running.closed) running.add(work(connection).subscribe(subscriber));
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
  try {
    return await connect(call);
  } catch (error) {
    throw new Error(`cannot connect to ${servers.join(', ')}: ${(error as Error).message}`, { cause: error });
  }
}

/** Returns the addresses of the servers. A password in an address would be visible to all users of the machine. */
function addresses(text: string | undefined, flag: string): string[] {
  if (text === undefined) throw new UsageError(`${flag} is missing: expected the address of a nats-server, such as nats://127.0.0.1:4222`);
  const servers = text.split(',');
  if (text.includes('@'))
    throw new UsageError(`${flag}: the address contains a user or a password; use --nkey or --creds in place of them`);
  for (const server of servers) {
    if (!/^(?:(?:nats|tls):\/\/)?[^\s/]+$/.test(server))
      throw new UsageError(`${flag} ${server}: expected an address, such as nats://127.0.0.1:4222 or tls://nats.example.com:4222`);
  }
  return servers;
}

function security({ nkey, creds, tlsCa }: ServerOptions, servers: readonly string[]): NodeConnectionOptions {
  if (nkey !== undefined && creds !== undefined) throw new UsageError('--nkey and --creds are two ways to log in: use one of them');
  const tls =
    tlsCa !== undefined ? { ca: readFileSync(tlsCa, 'utf8') } : servers.some((server) => server.startsWith('tls:')) ? {} : undefined;
  return { ...(tls !== undefined && { tls }), ...(nkey !== undefined && keyOf(nkey)), ...(creds !== undefined && credentialsOf(creds)) };
}

/** Reads the file with a private key. Replies arrive at subjects with the public key, which the permissions of docs/fleet require. */
function keyOf(file: string): NodeConnectionOptions {
  const seed = readFileSync(file);
  const text = seed.toString('utf8').trim();
  let publicKey: string;
  try {
    publicKey = nkeys.fromSeed(Buffer.from(text)).getPublicKey();
  } catch {
    // The cause may contain parts of the file.
    throw new UsageError(`--nkey ${file}: the file does not contain the private key of a user, which begins with SU`);
  }
  return { authenticator: nkeyAuthenticator(Buffer.from(text)), inboxPrefix: `_INBOX.${publicKey}` };
}

function credentialsOf(file: string): NodeConnectionOptions {
  const text = readFileSync(file, 'utf8');
  const seed = /^SU[A-Z2-7]+$/m.exec(text)?.[0];
  if (seed === undefined || !text.includes('-----BEGIN NATS USER JWT-----'))
    throw new UsageError(`--creds ${file}: the file does not contain the credentials of a user: a JWT and a private key`);
  const publicKey = nkeys.fromSeed(Buffer.from(seed)).getPublicKey();
  return { authenticator: credsAuthenticator(Buffer.from(text)), inboxPrefix: `_INBOX.${publicKey}` };
}
