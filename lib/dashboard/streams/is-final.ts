import { isNetworkError } from '../../network/index.js';
import { isKernelError } from '../../errors/index.js';

/** True for an error that reading again does not change: this process may not read, or the kernel has nothing to read. */
export function isFinal(error: unknown): boolean {
  if (isNetworkError(error)) return error.reason === 'denied' || error.reason === 'unsupported';
  return isKernelError(error, 'EPERM') || isKernelError(error, 'EACCES') || isKernelError(error, 'EOPNOTSUPP');
}
