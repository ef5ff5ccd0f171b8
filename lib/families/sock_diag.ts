import { familyFactory, type FamilyFactory } from '../client/index.js';
import { sockDiagSchema, type SockDiagFamily } from './generated/sock_diag.js';

export * from './generated/sock_diag.js';
export { socketFilter } from './sockets/socket-filter.js';
export type { PortRange, SocketExpression } from './sockets/socket-expression.js';
export { unixName } from './sockets/unix-name.js';

/**
 * The sockets of a network namespace, as `ss` lists them.
 *
 * `list('inet')` reads one address family: IPv4, or IPv6 with `family: 10`.
 *
 * @example The TCP sockets that listen
 * ```ts
 * const listeners = await lastValueFrom(sockDiag().list('inet', { states: SocketStates.Listen }));
 * ```
 * @public
 */
export const sockDiag: FamilyFactory<SockDiagFamily> = familyFactory(sockDiagSchema);
