import { KernelError } from '../errors/index.js';
import { decodeAck, echoedRequest, locateAttribute, type Message } from '../wire/index.js';

/**
 * Creates the error for a message with which the kernel rejected a request.
 *
 * @param message - ERROR or DONE with a negative errno.
 * @param operation - Name of the operation.
 * The error has the request as the kernel echoed it, if the echo is complete: ipset writes the rejected entry's number into it.
 *
 * @param request - The request as it was sent, if known: it contains the attribute at the reported offset.
 * @internal
 */
export function kernelErrorOf(message: Message, operation: string, request?: Uint8Array): KernelError {
  const { errno, extendedAck, capped } = decodeAck(message);
  const echo = request === undefined || capped ? undefined : echoedRequest(message);
  return new KernelError({
    errno,
    operation,
    extendedAck: request === undefined ? extendedAck : locateAttribute(extendedAck, request),
    request: echo?.length === request?.length ? (echo ?? request) : request,
  });
}
