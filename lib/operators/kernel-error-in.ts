import type { KernelError } from '../errors/index.js';
import { Trust, kernelErrorOf, trustOf } from '../exchange/index.js';
import { MessageType, decodeAck, echoedRequest, hostIsLittleEndian, type Message } from '../wire/index.js';

/** Tests whether the kernel sent a message to this socket alone, as it sends all replies except echoes. */
export function isOwn(message: Message): boolean {
  return trustOf(message.origin) === Trust.Reply;
}

/**
 * Returns the error that an ERROR or DONE message carries; undefined for error number 0.
 *
 * @param message - A message of type ERROR or DONE.
 * @param operation - Name of the operation; if omitted, the message type of the request, when it is known.
 * @param request - The request as it was sent; if omitted, the part that the message echoes.
 */
export function kernelErrorIn(message: Message, operation?: string, request?: Uint8Array): KernelError | undefined {
  if (decodeAck(message).errno === 0) return undefined;
  const sent = request ?? echoedRequest(message);
  return kernelErrorOf(message, operation ?? nameOf(message, sent), sent);
}

function nameOf(message: Message, request: Uint8Array | undefined): string {
  if (request === undefined) return message.type === MessageType.Done ? 'dump' : 'request';
  return `type ${new DataView(request.buffer, request.byteOffset).getUint16(4, hostIsLittleEndian)}`;
}
