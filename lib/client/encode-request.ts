import { EncodeError } from '../errors/index.js';
import type { OperationCodec, OperationMode } from '../schema/index.js';

/**
 * Encodes the request of an operation.
 *
 * @param flags - Flags of its netlink header.
 * @param index - Where it stands among others that were given with it.
 * @throws EncodeError, if it does not fit; it names the operation, as a refusal of the kernel's does.
 * @internal
 */
export function encodeRequest(codec: OperationCodec, request: object, mode: OperationMode, flags: number, index?: number): Uint8Array {
  try {
    return codec.encode(request, mode, flags);
  } catch (error) {
    throw error instanceof EncodeError ? error.of(codec.operation.name, index === undefined ? '' : `[${index}]`) : error;
  }
}
