import { type Observable, catchError, defer, throwError } from 'rxjs';
import { KernelError } from '../errors/index.js';
import { operationCodec, type FamilySchema } from '../schema/index.js';
import type { NetlinkSocket, TransactionMessage, TransactionOptions } from '../socket/index.js';
import type { Message } from '../wire/index.js';
import { encodeRequest } from './encode-request.js';
import { namedError, type RefusalCause } from './named-error.js';
import { operationFlags, type OperationFlags } from './request-flags.js';

/** One operation of a transaction, whatever its family's types. @internal */
export interface TransactionStep {
  readonly op: string;
  readonly request: object;
  readonly options?: OperationFlags;
}

/**
 * Sends operations that succeed or fail together, and emits the messages that come back.
 *
 * @throws TypeError as the error signal, if the family has no transactions or an operation cannot be done; EncodeError, if one
 * does not fit: where there are several, its path begins with the index.
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
      throwError(() => (error instanceof KernelError ? namedError(error, schema, ...refused(error, schema, steps)) : error)),
    ),
  );
}

/** What was refused. A frame that is refused whole (EPERM, ERESTART) is the fault of its only operation, where there is but one. */
function refused(
  { operation, extendedAck }: KernelError,
  { transaction }: FamilySchema,
  steps: readonly TransactionStep[],
): [operation: string, cause: RefusalCause] {
  const frame = operation === transaction?.begin || operation === transaction?.end;
  const [only] = steps;
  const single = frame && only !== undefined && steps.length === 1 && extendedAck.offset === undefined;
  return [single ? only.op : operation, { withinTransaction: !frame }];
}

function encodeStep(schema: FamilySchema, { op, request, options = {} }: TransactionStep, index?: number): TransactionMessage {
  const codec = operationCodec(schema, op);
  const mode = codec.operation.do;
  if (mode === undefined) throw new TypeError(`${schema.source}: ${op} cannot be done`);
  const flags = operationFlags('transaction', options);
  return {
    type: mode.request,
    flags,
    payload: encodeRequest(codec, request, 'do', flags, index),
    operation: op,
  };
}
