import type { FamilySchema, OperationSchema } from '../../lib/schema/descriptor/descriptor.js';

/** Tests whether an operation is the flush of a deletion: the kernel has one number and one policy for both, with the name of the deletion. */
export function isFlush({ operations }: FamilySchema, operation: OperationSchema): boolean {
  return operations.some(
    (other) => other !== operation && other.needsOne !== undefined && other.do !== undefined && other.do.request === operation.do?.request,
  );
}
