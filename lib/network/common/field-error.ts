import type { KernelError } from '../../errors/index.js';
import type { NetworkReason } from './network-error.js';

/**
 * A value from the caller is not valid. The verb turns it into a `NetworkError` that names the object.
 *
 * @internal
 */
export class FieldError extends Error {
  readonly path: string;
  readonly reason: NetworkReason;
  declare readonly cause?: KernelError;

  /**
   * @param path - The path of the property; empty if the error concerns the whole object.
   * @param cause - The kernel's error, if the kernel rejected the value.
   */
  constructor(path: string, text: string, reason: NetworkReason = 'invalid', cause?: KernelError) {
    super(text, cause && { cause });
    this.path = path;
    this.reason = reason;
  }
}
