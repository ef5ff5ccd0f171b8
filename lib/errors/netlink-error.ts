import { errnoName } from './errno.js';

/** What every error of this library can say about its circumstances. @public */
export interface NetlinkErrorOptions {
  /** Negative error number, as Node's own system errors carry it. */
  readonly errno?: number | undefined;
  /** Symbolic name; derived from `errno` when left out. */
  readonly code?: string | undefined;
  /** What was being done: `'open'`, `'send'`, `'newlink'`. */
  readonly operation?: string | undefined;
  /** The error underneath, if another caused this one. */
  readonly cause?: unknown;
}

/**
 * The root of every error that this library signals.
 *
 * Misuse of the API is not among them: that is a `TypeError` or a `RangeError`, thrown where it happens.
 *
 * @example Tell what went wrong
 * ```ts
 * catchError((error) => (error instanceof NetlinkError && error.code === 'EPERM' ? EMPTY : throwError(() => error)))
 * ```
 * @public
 */
export class NetlinkError extends Error {
  /** Symbolic name, `'ENOENT'`; for errors without a number a name of this library's own, `'EDECODE'`. */
  readonly code: string;
  /** Negative error number, as Node counts (`-2`); 0 where no system call and no kernel reply is behind it. */
  readonly errno: number;
  /** What was being done, if known. */
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
