import { omitUndefined } from '../../check/index.js';
import { DecodeError, KernelError, type ExtendedAck } from '../../errors/index.js';
import { attributePathAt, missingAttributePath, operationCodec, secretRanges, type FamilySchema } from '../../schema/index.js';
import { concealBytes, modeOfMessage, requestObject } from '../../schema/internal.js';
import { MESSAGE_HEADER_SIZE, Protocol } from '../../wire/index.js';
import { kindAdvice } from './kind-advice.js';
import { ownError } from './own-error.js';
import { socketAdvice } from './socket-advice.js';

const CAPABILITIES = {
  'admin-perm': 'needs CAP_NET_ADMIN in the initial namespace',
  'uns-admin-perm': 'needs CAP_NET_ADMIN in its namespace',
} as const;

/** The generic families whose specifications declare no capability; the kernel marks their operations GENL_UNS_ADMIN_PERM. */
const UNDECLARED = /^(?:ethtool|ovs_\w+)$/;

/** audit_netlink_ok(): one capability for messages, another for the rest. */
const AUDIT = 'needs CAP_AUDIT_CONTROL in the initial namespaces, or CAP_AUDIT_WRITE for messages';

/** The kernel rejects the request for events of one socket with EPERM for two reasons. */
const BOUND = 'another socket has bound it, or CAP_NET_ADMIN in its namespace is missing';

/**
 * Adds the family's names to an error of the kernel: the attribute at its offset, the missing attribute.
 *
 * @param error - The error of a request; anything except a {@link KernelError} is returned unchanged.
 * @param schema - The family of the request.
 * @param operation - The operation, by the kernel's name.
 * @internal
 */
export function namedError(error: unknown, schema: FamilySchema, operation: string, origin: ErrorOrigin = {}): unknown {
  if (!(error instanceof KernelError)) return error;
  const { errno, extendedAck, request } = error;
  const permission = permissionAdvice(error, schema, operation, origin);
  if (request === undefined) {
    return new KernelError({ errno, operation, extendedAck, advice: permission, ...ownError(schema, operation, errno, undefined) });
  }
  // Loggers that print all properties of an error also print the request.
  if (secretRanges(schema, operation, request).length > 0) concealBytes(request);
  const acks = namedAck(extendedAck, schema, operation, request);
  const value = decodedRequest(schema, operation, request);
  const isSocketDump = schema.protocol === Protocol.SockDiag && error.code === 'ENOENT' && isDump(schema, operation, request);
  const missing =
    value === undefined
      ? undefined
      : isSocketDump
        ? socketAdvice(operation, value)
        : kindAdvice({ errno, acks, schema, operation, bytes: request }, value);
  return new KernelError({
    errno,
    operation,
    request,
    object: value === undefined ? undefined : requestObject(schema, operation, value),
    advice: permission ?? missing,
    extendedAck: acks,
    ...ownError(schema, operation, errno, value),
  });
}

/** The origin of a kernel error. @internal */
export interface ErrorOrigin {
  /** The kernel rejected one operation of a transaction, after it had checked the capability for all of them. */
  readonly withinTransaction?: boolean;
}

/** Returns the missing capability. For other reasons of an EPERM the kernel sends a message or the offset of an attribute. */
function permissionAdvice(
  { code, extendedAck }: KernelError,
  schema: FamilySchema,
  operation: string,
  { withinTransaction = false }: ErrorOrigin,
): string | undefined {
  if (code !== 'EPERM') return undefined;
  // nft_table_lookup(): NFT_TABLE_F_OWNER and another port ID.
  if (withinTransaction) return 'another socket owns the table; only that one can change it';
  if (extendedAck.message !== undefined || extendedAck.offset !== undefined) return undefined;
  if (schema.generic === undefined && schema.operations.some(({ unicast }) => unicast === true)) return BOUND;
  if (schema.protocol === Protocol.Audit) return AUDIT;
  // A generic family declares the capability of each operation, except those below; rtnetlink and nfnetlink require it for all except GET.
  const { permission = schema.generic === undefined || UNDECLARED.test(schema.name) ? 'uns-admin-perm' : undefined } = operationCodec(
    schema,
    operation,
  ).operation;
  return permission === undefined ? undefined : CAPABILITIES[permission];
}

function isDump(schema: FamilySchema, operation: string, request: Uint8Array): boolean {
  return modeOfMessage(operationCodec(schema, operation).operation, request) === 'dump';
}

/** Decodes the request; returns undefined if that fails. */
function decodedRequest(schema: FamilySchema, operation: string, request: Uint8Array): object | undefined {
  try {
    const codec = operationCodec(schema, operation);
    return codec.decodeRequest(request.subarray(MESSAGE_HEADER_SIZE), isDump(schema, operation, request) ? 'dump' : 'do');
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function namedAck(extendedAck: ExtendedAck, schema: FamilySchema, operation: string, request: Uint8Array): ExtendedAck {
  const { offset, missingType, missingNest } = extendedAck;
  const attributePath = offset === undefined ? undefined : attributePathAt(schema, operation, request, offset);
  const missingPath = missingType === undefined ? undefined : missingAttributePath(schema, operation, request, missingType, missingNest);
  return {
    ...extendedAck,
    ...omitUndefined({ attributePath, missingPath }),
  };
}
