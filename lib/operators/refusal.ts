import type { KernelError } from '../errors/index.js';
import { Trust, kernelErrorOf, trustOf } from '../exchange/index.js';
import { MessageType, decodeAck, echoedRequest, hostIsLittleEndian, type Message } from '../wire/index.js';

/** Tells whether a message came from the kernel to this socket alone, as all replies do but echoes. */
export function isOwn(message: Message): boolean {
  return trustOf(message.origin) === Trust.Reply;
}

/**
 * Makes an error of an ERROR or DONE message that carries one.
 *
 * @param message - A message of type ERROR or DONE.
 * @param operation - How to call what was asked; by its type, where that is known, when left out.
 * @param request - The request as it was sent; what the message repeats of it, where left out.
 */
export function refusalOf(message: Message, operation?: string, request?: Uint8Array): KernelError | undefined {
  if (decodeAck(message).errno === 0) return undefined;
  const sent = request ?? echoedRequest(message);
  return kernelErrorOf(message, operation ?? nameOf(message, sent), sent);
}

function nameOf(message: Message, request: Uint8Array | undefined): string {
  if (request === undefined) return message.type === MessageType.Done ? 'dump' : 'request';
  return `type ${new DataView(request.buffer, request.byteOffset).getUint16(4, hostIsLittleEndian)}`;
}
