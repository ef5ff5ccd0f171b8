import { Errno, NetlinkError } from '../../errors/index.js';
import { FleetError, type FleetErrorReason } from '../fleet-error.js';
import { isNoResponders, named } from '../server/server-error.js';
import { openSubject } from '../subjects.js';
import type { HostFailure } from './opening.js';

/** Returns the error of a socket whose host cannot be reached any more. @internal */
export function notConnected(host: string, reason: FleetErrorReason, text: string, cause?: unknown): FleetError {
  return new FleetError(`ENOTCONN remote: host '${host}' ${text}`, reason, { code: 'ENOTCONN', errno: -Errno.ENOTCONN, cause });
}

/** Returns the error of a request that the account of the connection may not send. @internal */
export function notPermitted(host: string, subject: string, cause?: unknown): FleetError {
  return new FleetError(
    `EACCES remote: the account of this connection may not use ${subject}, which a socket of host '${host}' needs; give it the permission in the server's configuration`,
    'permission',
    { code: 'EACCES', errno: -Errno.EACCES, cause },
  );
}

/** Returns the error that a host has sent. @internal */
export function hostError(host: string, { errno, code, message, operation, reason }: HostFailure): NetlinkError {
  if (reason !== undefined) return new FleetError(`${code} remote: ${message}`, reason, { code, errno });
  return new NetlinkError(`${message} (on host '${host}')`, { code, errno, operation: operation ?? 'open' });
}

/** Returns what a host sends of an error. @internal */
export function failureOf(error: unknown): HostFailure {
  if (error instanceof FleetError && (error.reason === 'policy' || error.reason === 'closed')) {
    return { errno: error.errno, code: error.code, message: error.message.replace(/^E\w+ remote: /, ''), reason: error.reason };
  }
  if (error instanceof NetlinkError && error.errno !== 0) {
    return { errno: error.errno, code: error.code, message: error.message, operation: error.operation };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { errno: -Errno.EINVAL, code: 'EINVAL', message: `EINVAL open: ${message}`, operation: 'open' };
}

/** Returns the error of a request to open a socket that got no answer. @internal */
export function openingError(host: string, error: unknown, timeout: number): FleetError {
  if (isNoResponders(error)) {
    return notConnected(
      host,
      'silent',
      'does not serve netlink sockets: no program has subscribed to its subject; check the name, and start serveRemote() there',
      error,
    );
  }
  const denied = named(error, 'PermissionViolationError') as (Error & { readonly subject?: string }) | undefined;
  if (denied !== undefined) return notPermitted(host, denied.subject ?? openSubject(host), error);
  if (named(error, 'TimeoutError') !== undefined) {
    return notConnected(host, 'silent', `has not answered for ${timeout} ms; check that its program runs and is not stopped`, error);
  }
  const text = error instanceof Error ? error.message : String(error);
  return notConnected(host, 'closed', `cannot be asked for a socket: ${text}; check the connection to the server`, error);
}
