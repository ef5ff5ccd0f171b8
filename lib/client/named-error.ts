import { KernelError } from '../errors/index.js';
import { attributePathAt, missingAttributePath, operationCodec, type FamilySchema } from '../schema/index.js';

const CAPABILITIES = {
  'admin-perm': 'needs CAP_NET_ADMIN in the initial namespace',
  'uns-admin-perm': 'needs CAP_NET_ADMIN in its namespace',
} as const;

/**
 * Gives a refusal the names that the family has for its numbers: the attribute at its offset, the attribute it misses.
 *
 * @param error - What a request ended with; anything but a {@link KernelError} is returned as it is.
 * @param schema - The family of the request.
 * @param operation - The operation, by the kernel's name.
 * @internal
 */
export function namedError(error: unknown, schema: FamilySchema, operation: string): unknown {
  if (!(error instanceof KernelError)) return error;
  const { errno, code, extendedAck, request } = error;
  // Of generic families each operation says what it needs; rtnetlink and nfnetlink ask it of all that is no GET.
  const { permission = schema.generic === undefined ? 'uns-admin-perm' : undefined } = operationCodec(schema, operation).operation;
  const advice = code === 'EPERM' && permission !== undefined ? CAPABILITIES[permission] : undefined;
  if (request === undefined) return new KernelError({ errno, operation, extendedAck, advice });
  const { offset, missingType, missingNest } = extendedAck;
  const attributePath = offset === undefined ? undefined : attributePathAt(schema, operation, request, offset);
  const missingPath = missingType === undefined ? undefined : missingAttributePath(schema, operation, request, missingType, missingNest);
  return new KernelError({
    errno,
    operation,
    request,
    advice,
    extendedAck: {
      ...extendedAck,
      ...(attributePath === undefined ? {} : { attributePath }),
      ...(missingPath === undefined ? {} : { missingPath }),
    },
  });
}
