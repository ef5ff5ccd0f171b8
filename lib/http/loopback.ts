import { networkInterfaces } from 'node:os';

/** The address of the loopback. */
export const LOOPBACK = '127.0.0.1';

/** A connection that sends no whole request for so long (milliseconds) is ended, because it takes a place of others. */
export const CONNECTION_LIMITS = { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000 } as const;

/** Checks that the loopback is up. A server can listen there nevertheless, and nothing would reach it. @throws Error in one sentence */
export function checkLoopback(): void {
  const isUp = Object.values(networkInterfaces()).some((addresses) => addresses!.some(({ address }) => address === LOOPBACK));
  if (!isUp) throw new Error(`nothing reaches ${LOOPBACK} in this network namespace; set its link lo up first`);
}
