import { messageCheck } from '../decode/header-field.js';
import type { FamilySchema, OperationSchema } from '../descriptor/descriptor.js';
import type { OperationMode } from '../descriptor/message-shape.js';
import { indexSchema } from '../descriptor/schema-index.js';

/**
 * Creates the check that identifies messages of an operation among those of its number.
 *
 * @returns The check of the bytes after a message's netlink header; undefined if the number alone identifies the operation.
 * @internal
 */
export function operationCheck(
  schema: FamilySchema,
  operation: OperationSchema,
  mode: OperationMode,
): ((payload: Uint8Array) => boolean) | undefined {
  return messageCheck(indexSchema(schema), operation, mode);
}
