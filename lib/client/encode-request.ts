import { EncodeError } from '../errors/index.js';
import type { OperationCodec, OperationMode } from '../schema/index.js';

/**
 * Writes what an operation asks for.
 *
 * @param index - Where it stands among others that were given with it.
 * @throws EncodeError, if it does not fit; it names the operation, as a refusal of the kernel's does.
 * @internal
 */
export function encodeRequest(codec: OperationCodec, request: object, mode: OperationMode, index?: number): Uint8Array {
  try {
    return codec.encode(request, mode);
  } catch (error) {
    throw error instanceof EncodeError ? error.of(codec.operation.name, index === undefined ? '' : `[${index}]`) : error;
  }
}
