import { createServer, type RequestListener } from 'node:http';
import { isIPv6 } from 'node:net';
import { checkLoopback, CONNECTION_LIMITS, LOOPBACK } from '../../http/index.js';

/** The number of connections at once. A scraper needs one. */
const CONNECTIONS = 16;
/** A connection that moves no bytes for so long (milliseconds) is ended: its reader keeps a response in memory. */
const IDLE_MS = 30_000;

/** An address and a port. */
export interface Place {
  readonly address: string;
  /** 0 for a port that is free. */
  readonly port: number;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Ends all connections. */
  close(): void;
}

/** Returns true for addresses that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Returns an address and a port as a URL has them. */
export function placeText({ address, port }: Place): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${String(port)}`;
}

/** Listens at an address. @throws Error in one sentence */
export async function listen(place: Place, handler: RequestListener): Promise<Listening> {
  const { address, port } = place;
  if (address === LOOPBACK) checkLoopback();
  const server = createServer(CONNECTION_LIMITS, handler);
  server.maxConnections = CONNECTIONS;
  server.timeout = IDLE_MS;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, place)));
    server.listen({ port, host: address, exclusive: true }, () => {
      resolve({
        port: (server.address() as Place).port,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

function explained({ code, message }: NodeJS.ErrnoException, { address, port }: Place): Error {
  if (code === 'EADDRINUSE') return new Error(`port ${String(port)} is in use at ${address}; choose another one with --port`);
  if (code === 'EACCES') return new Error(`port ${String(port)} needs CAP_NET_BIND_SERVICE; choose one from 1024 on with --port`);
  if (code === 'EADDRNOTAVAIL')
    return new Error(`${address} is not an address of this machine; choose one of \`rxnetlink addresses\` with --listen`);
  return new Error(`cannot listen at ${address}: ${message}`);
}
