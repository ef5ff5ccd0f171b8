import { KernelError } from './kernel-error.js';

/**
 * The kernel rejected a transaction, because another one was committed since the tables were read (`ERESTART`).
 *
 * Nothing was changed. Read the generation and the tables again, and build the transaction anew.
 *
 * @example Repeat a transaction on new tables
 * ```ts
 * retry({ count: 3, delay: (error) => (error instanceof StaleGenerationError ? of(0) : throwError(() => error)) })
 * ```
 * @public
 */
export class StaleGenerationError extends KernelError {
  /** The generation that the transaction was built on. */
  readonly generation: number;

  /** @param cause - The kernel's error. */
  constructor(generation: number, { errno, request }: KernelError) {
    super({
      errno,
      request,
      operation: 'transaction',
      meaning: `the tables no longer have generation ${generation}`,
      advice: 'read the generation and the tables again',
    });
    this.generation = generation;
  }

  static {
    this.prototype.name = 'StaleGenerationError';
  }
}
