import { type Observable, catchError, defer, throwError } from 'rxjs';
import { checkBoolean, checkInteger, checkOptionNames, omitUndefined } from '../../check/index.js';
import { KernelError, StaleGenerationError } from '../../errors/index.js';
import { operationCodec, type FamilySchema } from '../../schema/index.js';
import type { NetlinkSocket, RequestOptions, TransactionMessage, TransactionOptions } from '../../socket/index.js';
import { checkRequestOptions, rejectedPositions } from '../../socket/internal.js';
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

/** Options of a transaction. @public */
export interface FamilyTransactionOptions extends Pick<RequestOptions, 'timeout' | 'signal'> {
  /**
   * The generation of the tables that the operations rely on (`NFNL_BATCH_GENID`): `id` of the reply to `getgen`, requested before the
   * tables are read. If another transaction has been committed since, the kernel changes nothing.
   */
  readonly generation?: number;
  /**
   * Has the kernel check the operations, and commit none of them, as `nft --check` does. It emits no replies.
   *
   * The kernel does not check the jumps of a table that the operations create; before 5.10 it checks none. Until it aborts, it has the
   * hooks of new chains, and a table that loses the flag `dormant` sees packets.
   */
  readonly dryRun?: boolean;
}

/** The indexes of the rejected operations, by the error of the transaction. @internal */
export const rejectedOperations: WeakMap<object, number> = new WeakMap<object, number>();

const OPTIONS: ReadonlySet<string> = new Set<keyof FamilyTransactionOptions>(['generation', 'dryRun', 'timeout', 'signal']);

/** @throws TypeError, RangeError if an option of a transaction is not valid. @internal */
export function checkTransactionOptions(options: FamilyTransactionOptions): void {
  checkOptionNames('transaction', options, OPTIONS);
  const { generation, dryRun, ...request } = options;
  if (dryRun !== undefined) checkBoolean('transaction: option dryRun', dryRun);
  if (generation !== undefined) checkInteger('transaction: option generation', generation, 1, 0xffff_ffff);
  checkRequestOptions(request);
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
  { generation, dryRun = false, ...options }: FamilyTransactionOptions & TransactionOptions = {},
): Observable<Message> {
  return defer(() => {
    const { transaction } = schema;
    if (transaction === undefined) throw new TypeError(`${schema.source} has no transactions`);
    const frame = (op: string, attributes: object = {}): TransactionMessage =>
      encodeStep(schema, { op, request: { ...transaction.header, ...attributes } });
    const inner = steps.map((step, index) => encodeStep(schema, step, steps.length === 1 ? undefined : index));
    const begin = frame(transaction.begin, omitUndefined({ genid: generation }));
    // Without its end, the kernel checks a transaction, and aborts it.
    return socket.transact([begin, ...inner, ...(dryRun ? [] : [frame(transaction.end)])], options);
  }).pipe(
    catchError((error: unknown) =>
      throwError(() => {
        if (!(error instanceof KernelError)) return error;
        // The kernel rejects BATCH_BEGIN before it looks at an operation.
        if (generation !== undefined && error.code === 'ERESTART') return new StaleGenerationError(generation, error);
        const named = namedError(error, schema, ...rejectedOperation(error, schema, steps)) as KernelError;
        rejectedOperations.set(named, (rejectedPositions.get(error) ?? 0) - 1);
        return named;
      }),
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
