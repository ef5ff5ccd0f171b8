import { operationCodec, type FamilySchema } from '../../schema/index.js';
import { MessageFlags, type MessageInit } from '../../wire/index.js';
import { encodeRequest } from './encode-request.js';
import { operationFlags } from './request-flags.js';
import type { TransactionStep } from './transaction.js';

/** A request with its payload. @internal */
export type EncodedSend = MessageInit & { readonly payload: Uint8Array };

/**
 * Encodes requests that ask for no ack: only an error of the kernel answers them.
 *
 * @param type - The message type of a generic family.
 * @throws TypeError if an operation has no do request; EncodeError if a request cannot be encoded.
 * @internal
 */
export function encodeSends(schema: FamilySchema, steps: readonly TransactionStep[], type: number | undefined): EncodedSend[] {
  return steps.map(({ op, request, options = {} }, index) => {
    const codec = operationCodec(schema, op);
    const mode = codec.operation.do;
    if (mode === undefined) throw new TypeError(`${schema.source}: ${op} has no do request`);
    if (codec.operation.transaction === true)
      throw new TypeError(`${schema.source}: ${op} is only valid in a transaction; use transaction()`);
    const flags = operationFlags('send', options);
    const payload = encodeRequest(codec, request, 'do', flags, steps.length === 1 ? undefined : index);
    return { type: type ?? mode.request, flags: flags | MessageFlags.Request, payload };
  });
}
