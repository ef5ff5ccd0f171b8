import { NetlinkError } from '../../errors/index.js';

/** The reason of a {@link NetworkError}. @public */
export type NetworkReason =
  /** The object, or an object that it names, does not exist. */
  | 'missing'
  /** An object with this key exists. */
  | 'exists'
  /** The object is in use (`EBUSY`). */
  | 'busy'
  /** The process lacks a capability. */
  | 'denied'
  /** A gateway or an address cannot be reached, or a link is down. */
  | 'unreachable'
  /** The kernel lacks the feature, or cannot change the property in place. */
  | 'unsupported'
  /** A value is not valid. `path` names it. */
  | 'invalid'
  /** A key matches several objects. */
  | 'ambiguous'
  /** A link, a table or a protocol has no such name. */
  | 'unknown-name'
  /** Another process writes the same object. */
  | 'conflict'
  /** The kernel acknowledged a write, but the object differs from it. */
  | 'not-converging'
  /** The kernel did not answer in time; a write may have happened. */
  | 'timeout'
  /** The state for which a plan was made is another one now. */
  | 'stale'
  /** The caller ended the verb. */
  | 'cancelled';

/** The fields of a {@link NetworkError}. @public */
export interface NetworkErrorOptions {
  /** The category of the failure. */
  readonly reason: NetworkReason;
  /** The object, in words: `route 192.0.2.0/24 via 10.0.0.9`. */
  readonly subject: string;
  /** The failed verb: `add`, `ensure`. */
  readonly verb: string;
  /** The failure, and the remedy. */
  readonly text: string;
  /** The path of the property: `bridge.ageing`. */
  readonly path?: string | undefined;
  /** The symbolic name; the reason in capitals if omitted. */
  readonly code?: string | undefined;
  /** The negative error number of the kernel. */
  readonly errno?: number | undefined;
  /** The engine's error. */
  readonly cause?: unknown;
}

/**
 * A verb of `network()` failed.
 *
 * `reason` is the category, `subject` the object in words, `cause` the engine's error with the kernel's extended ack.
 * Test `reason`, not `message`. A network namespace that cannot be opened is `missing`, `denied` or `invalid`. Failures of the socket itself (closed,
 * not supported, a dump that never becomes consistent) are signalled as the engine's own errors.
 *
 * @example Ignore a route that is not there
 * ```ts
 * catchError((error) => (isNetworkError(error, 'missing') ? EMPTY : throwError(() => error)))
 * ```
 * @public
 */
export class NetworkError extends NetlinkError {
  /** The category of the failure. */
  readonly reason: NetworkReason;
  /** The object, in words: `route 192.0.2.0/24 via 10.0.0.9`. */
  readonly subject: string;
  /** The path of the property that is not valid; undefined if the error concerns no property. */
  readonly path: string | undefined;

  constructor({ reason, subject, verb, text, path, code, errno, cause }: NetworkErrorOptions) {
    super(`cannot ${verb} ${subject}: ${text}`, { code: code ?? `E${reason.toUpperCase()}`, errno, operation: verb, cause });
    this.reason = reason;
    this.subject = subject;
    this.path = path;
  }

  /** Returns the error without its cause and its stack, for `JSON.stringify`, which omits the message of an error. */
  toJSON(): Pick<NetworkError, 'name' | 'message' | 'reason' | 'subject' | 'path' | 'code'> {
    const { name, message, reason, subject, path, code } = this;
    return { name, message, reason, subject, path, code };
  }

  static {
    this.prototype.name = 'NetworkError';
  }
}

/**
 * Tests whether an error is a {@link NetworkError}, optionally with one reason.
 *
 * @param error - The value to test, e.g. what `catchError` received.
 * @param reason - The reason to require, e.g. `'missing'`.
 * @public
 */
export function isNetworkError(error: unknown, reason?: NetworkReason): error is NetworkError {
  return error instanceof NetworkError && (reason === undefined || error.reason === reason);
}
