import { catchError, defaultIfEmpty, of, throwError, type OperatorFunction } from 'rxjs';
import { KernelError } from '../../errors/index.js';
import type { Message } from '../../wire/index.js';

/**
 * Emits the number of an ack as the reply: some operations return the number of the object that they have created, where others return 0.
 *
 * @param property - The property of the reply.
 * @param named - Names the operation in other errors.
 * @internal
 */
export function ackReply(property: string, named: (error: unknown) => unknown): OperatorFunction<Message, object> {
  return (messages) =>
    messages.pipe(
      catchError((error: unknown) =>
        error instanceof KernelError && error.errno > 0 ? of({ [property]: error.errno }) : throwError(() => named(error)),
      ),
      defaultIfEmpty({ [property]: 0 }),
    );
}
