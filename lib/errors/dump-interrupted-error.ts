import { Errno } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/**
 * A table changed while the kernel dumped it, so the rows may be inconsistent (`NLM_F_DUMP_INTR`).
 *
 * The error follows all rows. If the kernel ended the dump with EAGAIN (ila, devlink), rows are missing. Not every family
 * detects changes: dumps of routes, rules and neighbours never report one.
 *
 * @public
 */
export class DumpInterruptedError extends NetlinkError {
  /** The rows that arrived, if an operator collected them; otherwise empty. */
  readonly partial: readonly unknown[];

  constructor(operation: string, partial: readonly unknown[] = []) {
    super(`EINTR ${operation}: a change interrupted the dump, so its rows may be inconsistent; dump again`, {
      errno: -Errno.EINTR,
      operation,
    });
    this.partial = partial;
  }

  static {
    this.prototype.name = 'DumpInterruptedError';
  }
}
