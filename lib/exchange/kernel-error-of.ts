import { KernelError } from '../errors/index.js';
import { decodeAck, locateAttribute, type Message } from '../wire/index.js';

/**
 * Makes an error of the message with which the kernel refused a request.
 *
 * @param message - ERROR or DONE with a negative errno.
 * @param operation - How to call the request.
 * @param request - The request as it was sent, where it is known: its bytes tell which attribute an offset means.
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
