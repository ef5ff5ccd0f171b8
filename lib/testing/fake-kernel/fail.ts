import { NetlinkError, errnoName, errnoNumber, type ErrnoName } from '../../errors/index.js';

/** Makes the error of a failed system call. @internal */
export function failure(code: ErrnoName | number, operation: string, reason: string): NetlinkError {
  const errno = typeof code === 'string' ? errnoNumber(code) : -Math.abs(code);
  return new NetlinkError(`${errnoName(errno)} ${operation}: ${reason}`, { errno, operation });
}

/** Throws the error of a failed system call. @internal */
export function fail(code: ErrnoName | number, operation: string, reason: string): never {
  throw failure(code, operation, reason);
}
