import type { NatsConnection } from '@nats-io/nats-core';
import { encodeToken } from '../subjects.js';

/** The client of a connection whose replies have no subject of its own. */
const SHARED = 'any';

/** Returns the prefix of inboxes that the account may use; the public type of a connection does not contain it. @internal */
export function inboxPrefix(connection: NatsConnection): string | undefined {
  return (connection as { readonly options?: { readonly inboxPrefix?: string } }).options?.inboxPrefix;
}

/**
 * Returns the part of a subject that names the client of a host in permissions: what follows the first `.` of the prefix of inboxes.
 *
 * @throws RangeError if it is longer than 64 characters.
 * @internal
 */
export function clientToken(connection: NatsConnection): string {
  const prefix = inboxPrefix(connection) ?? '';
  const name = prefix.slice(prefix.indexOf('.') + 1);
  return prefix.includes('.') && name !== '' ? encodeToken('remote: inboxPrefix', name) : SHARED;
}
