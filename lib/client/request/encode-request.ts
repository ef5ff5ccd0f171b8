import { EncodeError } from '../../errors/index.js';
import type { OperationCodec, OperationMode } from '../../schema/index.js';

/**
 * Encodes the request of an operation.
 *
 * @param flags - Flags of the netlink header.
 * @param index - Position of the request in a batch or transaction.
 * @throws EncodeError if a value cannot be encoded; it names the operation, as a `KernelError` does.
 * @internal
 */
export function encodeRequest(codec: OperationCodec, request: object, mode: OperationMode, flags: number, index?: number): Uint8Array {
  try {
    return codec.encode(request, mode, flags);
  } catch (error) {
    throw error instanceof EncodeError ? error.of(codec.operation.name, index === undefined ? '' : `[${index}]`) : error;
  }
}
