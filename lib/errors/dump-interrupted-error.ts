import { NetlinkError } from './netlink-error.js';

/**
 * Objects changed while a dump was read, so the rows may be no consistent list (`NLM_F_DUMP_INTR`).
 *
 * Comes after all rows. Not every family notices: routes, rules and neighbours never say so.
 *
 * @public
 */
export class DumpInterruptedError extends NetlinkError {
  /** The rows that did arrive, where somebody collected them; else empty. */
  readonly partial: readonly unknown[];

  constructor(operation: string, partial: readonly unknown[] = []) {
    super(`EINTR ${operation}: a change interrupted the dump, so its rows may be inconsistent; dump again`, { errno: -4, operation });
    this.partial = partial;
  }

  static {
    this.prototype.name = 'DumpInterruptedError';
  }
}
