import { KernelError } from '../errors/index.js';
import { decodeAck, locateAttribute, type Message } from '../wire/index.js';

/**
 * Creates the error for a message with which the kernel rejected a request.
 *
 * @param message - ERROR or DONE with a negative errno.
 * @param operation - Name of the operation.
 * @param request - The request as it was sent, if known: it contains the attribute at the reported offset.
 * @internal
 */
export function kernelErrorOf(message: Message, operation: string, request?: Uint8Array): KernelError {
  const { errno, extendedAck } = decodeAck(message);
  return new KernelError({
    errno,
    operation,
    extendedAck: request === undefined ? extendedAck : locateAttribute(extendedAck, request),
    request,
  });
}
