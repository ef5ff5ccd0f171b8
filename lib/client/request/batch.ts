import { type Observable, defer, map } from 'rxjs';
import type { NetlinkError } from '../../errors/index.js';
import { operationCodec, type DoName, type DoReply, type FamilySchema, type FamilyTypes, type OperationCodec } from '../../schema/index.js';
import type { BatchOptions, BatchResult, NetlinkSocket } from '../../socket/index.js';
import type { MessageInit } from '../../wire/index.js';
import { ackedNumber } from './ack-reply.js';
import { encodeRequest } from './encode-request.js';
import { genericFamilies } from '../generic-family.js';
import { isOwnEcho } from './is-own-echo.js';
import { namedError } from '../advice/named-error.js';
import { operationFlags, type OperationFlags } from './request-flags.js';
import type { TransactionStep } from './transaction.js';
import type { ValueDecoder } from '../value-decoder.js';

/** The outcome of one operation of a batch. @public */
export type FamilyBatchResult<Family extends FamilyTypes> =
  | {
      [Op in DoName<Family>]: {
        /** Position of the operation in the batch, from 0. */
        readonly index: number;
        readonly op: Op;
        /** The reply; undefined if the kernel sent none. */
        readonly reply: DoReply<Family, Op>;
      };
    }[DoName<Family>]
  | { readonly index: number; readonly op: DoName<Family>; readonly error: NetlinkError };

/** A {@link FamilyBatchResult} of any family. @internal */
export type StepResult = { readonly index: number; readonly op: string } & (
  { readonly reply: object | undefined } | { readonly error: NetlinkError }
);

/**
 * Sends many operations in as few datagrams as possible, and emits the outcome of each.
 *
 * @param steps - Read and encoded one by one, as the socket needs them.
 * @throws TypeError as the error signal, if an operation has no do request or is only valid in a transaction; EncodeError, if
 * a request cannot be encoded: its path begins with the index.
 * @internal
 */
export function runBatch(
  socket: NetlinkSocket,
  schema: FamilySchema,
  decoder: ValueDecoder,
  steps: Iterable<TransactionStep>,
  options: BatchOptions,
): Observable<StepResult> {
  const { name, generic } = schema;
  const run = (type?: number): Observable<StepResult> => defer(() => new StepBatch(schema, decoder, steps, type).run(socket, options));
  return generic === undefined ? run() : genericFamilies(socket).with(name, ({ id }) => run(id));
}

/** An operation with its flags. Most operations of a batch follow an equal one, and share it. */
interface Prepared {
  readonly op: string;
  readonly codec: OperationCodec;
  /** The message type. */
  readonly type: number;
  readonly flags: number;
}

/** A single run of a batch. */
class StepBatch {
  readonly #schema: FamilySchema;
  readonly #decoder: ValueDecoder;
  readonly #steps: Iterable<TransactionStep>;
  readonly #type: number | undefined;
  /** The operations that were encoded and whose outcome is pending, by index. */
  readonly #pending = new Map<number, Prepared>();

  /** @param type - The message type of a generic family. */
  constructor(schema: FamilySchema, decoder: ValueDecoder, steps: Iterable<TransactionStep>, type: number | undefined) {
    this.#schema = schema;
    this.#decoder = decoder;
    this.#steps = steps;
    this.#type = type;
  }

  run(socket: NetlinkSocket, options: BatchOptions): Observable<StepResult> {
    const isFailure = (index: number, error: NetlinkError): boolean =>
      this.#pending.get(index)?.codec.operation.do?.ackNumber === undefined || ackedNumber(error) === undefined;
    return socket.batchUnchecked(this.#messages(), options, isFailure).pipe(map((result) => this.#outcome(result)));
  }

  *#messages(): Generator<MessageInit, void, undefined> {
    let index = 0;
    let prepared: Prepared | undefined;
    for (const { op, request, options = {} } of this.#steps) {
      prepared = this.#prepare(op, options, prepared);
      const { codec, type, flags } = prepared;
      this.#pending.set(index, prepared);
      yield { type, flags, payload: encodeRequest(codec, request, 'do', flags, index) };
      index++;
    }
  }

  /** @param before - The operation before. */
  #prepare(op: string, options: OperationFlags, before: Prepared | undefined): Prepared {
    const isSame = before !== undefined && before.op === op;
    const codec = isSame ? before.codec : operationCodec(this.#schema, op);
    const { do: mode, transaction } = codec.operation;
    if (mode === undefined) throw new TypeError(`${this.#schema.source}: ${op} has no do request`);
    if (transaction === true) throw new TypeError(`${this.#schema.source}: ${op} is only valid in a transaction; use transaction()`);
    const flags = operationFlags('batch', options);
    return isSame && before.flags === flags ? before : { op, codec, type: this.#type ?? mode.request, flags };
  }

  #outcome(result: BatchResult): StepResult {
    const { index } = result;
    const { codec, type, flags } = this.#pending.get(index)!;
    const op = codec.operation.name;
    this.#pending.delete(index);
    const ackNumber = codec.operation.do?.ackNumber;
    if (ackNumber !== undefined) {
      const number = 'error' in result ? ackedNumber(result.error) : 0;
      if (number !== undefined) return { index, op, reply: { [ackNumber]: number } };
    }
    if ('error' in result) return { index, op, error: namedError(result.error, this.#schema, op) as NetlinkError };
    const { replies } = result;
    const message = replies.length === 0 ? undefined : replies.find((reply) => isOwnEcho(this.#schema.protocol, type, flags, reply));
    return { index, op, reply: message === undefined ? undefined : this.#decoder.decode(codec, message) };
  }
}
