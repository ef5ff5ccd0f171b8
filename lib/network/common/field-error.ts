import type { NetworkReason } from './network-error.js';

/**
 * A value from the caller is not valid. The verb turns it into a `NetworkError` that names the object.
 *
 * @internal
 */
export class FieldError extends Error {
  readonly path: string;
  readonly reason: NetworkReason;

  /** @param path - The path of the property; empty if the error concerns the whole object. */
  constructor(path: string, text: string, reason: NetworkReason = 'invalid') {
    super(text);
    this.path = path;
    this.reason = reason;
  }
}
