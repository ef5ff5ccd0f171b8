import { createServer, type RequestListener, type Server } from 'node:http';
import { checkLoopback, CONNECTION_LIMITS, LOOPBACK } from '../../http/index.js';

/** The addresses of the loopback, and no other ones. The first must exist. */
const ADDRESSES = [LOOPBACK, '::1'] as const;
/** The number of ports to try until one is free at both addresses, if any port will do. */
const ATTEMPTS = 10;
/** The number of connections at once; a page needs one, and one more while it loads. */
const CONNECTIONS = 64;

/** Servers that listen at one port of the loopback. */
export interface Listening {
  readonly port: number;
  /** Ends all connections. */
  close(): void;
}

/** Listens at a port of the loopback; at one that is free if it is 0. @throws Error in one sentence */
export async function listen(port: number, handler: (port: number) => RequestListener): Promise<Listening> {
  checkLoopback();
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
      const server = createServer(CONNECTION_LIMITS, (request, response) => {
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
