import { type Observable, catchError, defer, throwError } from 'rxjs';
import { KernelError } from '../../errors/index.js';
import { operationCodec, type FamilySchema } from '../../schema/index.js';
import type { NetlinkSocket, TransactionMessage, TransactionOptions } from '../../socket/index.js';
import type { Message } from '../../wire/index.js';
import { encodeRequest } from './encode-request.js';
import { namedError, type ErrorOrigin } from '../advice/named-error.js';
import { operationFlags, type OperationFlags } from './request-flags.js';

/** An operation of a transaction or batch of any family. @internal */
export interface TransactionStep {
  readonly op: string;
  readonly request: object;
  readonly options?: OperationFlags;
}

/**
 * Sends operations that succeed or fail together, and emits the replies.
 *
 * @throws TypeError as the error signal, if the family has no transactions or an operation has no do request; EncodeError, if
 * a request cannot be encoded: if there are several, its path begins with the index.
 * @internal
 */
export function runTransaction(
  socket: NetlinkSocket,
  schema: FamilySchema,
  steps: readonly TransactionStep[],
  options: TransactionOptions = {},
): Observable<Message> {
  return defer(() => {
    const { transaction } = schema;
    if (transaction === undefined) throw new TypeError(`${schema.source} has no transactions`);
    const frame = (op: string): TransactionMessage => encodeStep(schema, { op, request: transaction.header });
    const inner = steps.map((step, index) => encodeStep(schema, step, steps.length === 1 ? undefined : index));
    return socket.transact([frame(transaction.begin), ...inner, frame(transaction.end)], options);
  }).pipe(
    catchError((error: unknown) =>
      throwError(() => (error instanceof KernelError ? namedError(error, schema, ...rejectedOperation(error, schema, steps)) : error)),
    ),
  );
}

/** Returns the rejected operation. If the kernel rejects the whole frame (EPERM, ERESTART), a single operation is named instead. */
function rejectedOperation(
  { operation, extendedAck }: KernelError,
  { transaction }: FamilySchema,
  steps: readonly TransactionStep[],
): [operation: string, origin: ErrorOrigin] {
  const frame = operation === transaction?.begin || operation === transaction?.end;
  const [only] = steps;
  const single = frame && only !== undefined && steps.length === 1 && extendedAck.offset === undefined;
  return [single ? only.op : operation, { withinTransaction: !frame }];
}

function encodeStep(schema: FamilySchema, { op, request, options = {} }: TransactionStep, index?: number): TransactionMessage {
  const codec = operationCodec(schema, op);
  const mode = codec.operation.do;
  if (mode === undefined) throw new TypeError(`${schema.source}: ${op} has no do request`);
  const flags = operationFlags('transaction', options);
  return {
    type: mode.request,
    flags,
    payload: encodeRequest(codec, request, 'do', flags, index),
    operation: op,
  };
}
