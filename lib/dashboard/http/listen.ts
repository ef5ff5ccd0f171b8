import { createServer, type RequestListener, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';

/** The addresses of the loopback, and no other ones. The first must exist. */
const ADDRESSES = ['127.0.0.1', '::1'] as const;
/** The number of ports to try until one is free at both addresses, if any port will do. */
const ATTEMPTS = 10;
/** The number of connections at once; a page needs one, and one more while it loads. */
const CONNECTIONS = 64;
/** A connection that sends no whole request for so long (milliseconds) is ended, because it takes a place of others. */
const LIMITS = { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000 };

/** Servers that listen at one port of the loopback. */
export interface Listening {
  readonly port: number;
  /** Ends all connections. */
  close(): void;
}

/** Listens at a port of the loopback; at one that is free if it is 0. @throws Error in one sentence */
export async function listen(port: number, handler: (port: number) => RequestListener): Promise<Listening> {
  if (!hasLoopback()) throw new Error('nothing reaches 127.0.0.1 in this network namespace; set its link lo up first');
  for (let attempt = 1; ; attempt++) {
    try {
      return await listenOnce(port, handler);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && port === 0 && attempt < ATTEMPTS) continue;
      throw explained(error as NodeJS.ErrnoException, port);
    }
  }
}

/** Returns false if the link lo is down. A server can listen at its address nevertheless. */
function hasLoopback(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses!.some(({ address }) => address === ADDRESSES[0]));
}

async function listenOnce(port: number, handler: (port: number) => RequestListener): Promise<Listening> {
  const servers: Server[] = [];
  const close = (): void => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  };
  let chosen = port;
  try {
    for (const address of ADDRESSES) {
      const server = createServer(LIMITS, (request, response) => {
        handler(chosen)(request, response);
      });
      server.maxConnections = CONNECTIONS;
      servers.push(server);
      chosen = await bind(server, chosen, address);
    }
    return { port: chosen, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Returns the port. A machine without IPv6 has no `::1`. */
function bind(server: Server, port: number, host: (typeof ADDRESSES)[number]): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (host === '::1' && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')) resolve(port);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      resolve((server.address() as { readonly port: number }).port);
    });
  });
}

function explained({ code, message }: NodeJS.ErrnoException, port: number): Error {
  if (code === 'EADDRINUSE') return new Error(`port ${String(port)} is in use; choose another one with --port`);
  if (code === 'EACCES') return new Error(`port ${String(port)} needs CAP_NET_BIND_SERVICE; choose one from 1024 on with --port`);
  return new Error(`cannot listen at 127.0.0.1: ${message}`);
}
