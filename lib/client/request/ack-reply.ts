import { catchError, defaultIfEmpty, of, throwError, type OperatorFunction } from 'rxjs';
import { KernelError } from '../../errors/index.js';
import type { Message } from '../../wire/index.js';

/** Returns the positive number of an ack, which is an error of most operations; undefined for any other error. @internal */
export function ackedNumber(error: unknown): number | undefined {
  return error instanceof KernelError && error.errno > 0 ? error.errno : undefined;
}

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
      catchError((error: unknown) => {
        const number = ackedNumber(error);
        return number === undefined ? throwError(() => named(error)) : of({ [property]: number });
      }),
      defaultIfEmpty({ [property]: 0 }),
    );
}
