import { errnoName } from './errno.js';

/** The fields that every error of this library has. @public */
export interface NetlinkErrorOptions {
  /** The negative error number, as in Node's system errors. */
  readonly errno?: number | undefined;
  /** The symbolic name; derived from `errno` if omitted. */
  readonly code?: string | undefined;
  /** The operation that failed: `'open'`, `'send'`, `'newlink'`. */
  readonly operation?: string | undefined;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * The base class of the errors that this library signals.
 *
 * Misuse of the API is reported by a `TypeError` or a `RangeError` instead, thrown by the call itself.
 *
 * @example Ignore a missing permission
 * ```ts
 * catchError((error) => (error instanceof NetlinkError && error.code === 'EPERM' ? EMPTY : throwError(() => error)))
 * ```
 * @public
 */
export class NetlinkError extends Error {
  /** The symbolic name, `'ENOENT'`; errors without a number have a name of this library, e.g. `'EDECODE'`. */
  readonly code: string;
  /** The negative error number, as in Node (`-2`); 0 if neither a system call nor the kernel reported it. */
  readonly errno: number;
  /** The operation that failed, if known. */
  readonly operation: string | undefined;

  constructor(message: string, options: NetlinkErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.errno = options.errno ?? 0;
    this.code = options.code ?? errnoName(this.errno);
    this.operation = options.operation;
  }

  static {
    this.prototype.name = 'NetlinkError';
  }
}
