import { NetlinkError, errnoName, errnoNumber, type ErrnoName } from '../../errors/index.js';

/** Throws the error of a failed system call. @internal */
export function fail(code: ErrnoName | number, operation: string, reason: string): never {
  const errno = typeof code === 'string' ? errnoNumber(code) : -Math.abs(code);
  throw new NetlinkError(`${errnoName(errno)} ${operation}: ${reason}`, { errno, operation });
}
