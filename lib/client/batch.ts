import { type Observable, defer, map } from 'rxjs';
import type { NetlinkError } from '../errors/index.js';
import { operationCodec, type DoName, type DoReply, type FamilySchema, type FamilyTypes, type OperationCodec } from '../schema/index.js';
import type { BatchResult, NetlinkSocket } from '../socket/index.js';
import type { MessageInit } from '../wire/index.js';
import { encodeRequest } from './encode-request.js';
import { genericFamilies } from './generic-family.js';
import { namedError } from './named-error.js';
import { operationFlags } from './request-flags.js';
import type { TransactionStep } from './transaction.js';
import type { ValueDecoder } from './value-decoder.js';

/** What became of one operation of a batch. @public */
export type FamilyBatchResult<Family extends FamilyTypes> =
  | {
      [Op in DoName<Family>]: {
        /** Its place in what was given, from 0. */
        readonly index: number;
        readonly op: Op;
        /** What came back, undefined where nothing did. */
        readonly reply: DoReply<Family, Op>;
      };
    }[DoName<Family>]
  | { readonly index: number; readonly op: DoName<Family>; readonly error: NetlinkError };

/** The same, whatever its family's types. @internal */
export type StepResult = { readonly index: number; readonly op: string } & (
  { readonly reply: object | undefined } | { readonly error: NetlinkError }
);

/**
 * Sends many operations in as few datagrams as fit, and emits what became of each.
 *
 * @param steps - Taken, and encoded, as they are needed.
 * @throws TypeError as the error signal, if an operation cannot be done or goes in transactions only; EncodeError, its
 * path beginning with the index, if one does not fit.
 * @internal
 */
export function runBatch(
  socket: NetlinkSocket,
  schema: FamilySchema,
  decoder: ValueDecoder,
  steps: Iterable<TransactionStep>,
): Observable<StepResult> {
  const { name, generic } = schema;
  const run = (type?: number): Observable<StepResult> => defer(() => new StepBatch(schema, decoder, steps, type).run(socket));
  return generic === undefined ? run() : genericFamilies(socket).with(name, ({ id }) => run(id));
}

/** One run of a batch. */
class StepBatch {
  readonly #schema: FamilySchema;
  readonly #decoder: ValueDecoder;
  readonly #steps: Iterable<TransactionStep>;
  readonly #type: number | undefined;
  /** Those that were taken and are not known to have ended. */
  readonly #codecs = new Map<number, OperationCodec>();

  /** @param type - The number of a generic family. */
  constructor(schema: FamilySchema, decoder: ValueDecoder, steps: Iterable<TransactionStep>, type: number | undefined) {
    this.#schema = schema;
    this.#decoder = decoder;
    this.#steps = steps;
    this.#type = type;
  }

  run(socket: NetlinkSocket): Observable<StepResult> {
    return socket.batch(this.#messages()).pipe(map((result) => this.#told(result)));
  }

  *#messages(): Generator<MessageInit, void, undefined> {
    let index = 0;
    for (const { op, request, options = {} } of this.#steps) {
      const codec = operationCodec(this.#schema, op);
      const { do: mode, transaction } = codec.operation;
      if (mode === undefined) throw new TypeError(`${this.#schema.source}: ${op} cannot be done`);
      if (transaction === true) throw new TypeError(`${this.#schema.source}: ${op} goes in transactions only; use transaction()`);
      this.#codecs.set(index, codec);
      const flags = operationFlags('batch', options);
      yield { type: this.#type ?? mode.request, flags, payload: encodeRequest(codec, request, 'do', flags, index) };
      index++;
    }
  }

  #told(result: BatchResult): StepResult {
    const { index } = result;
    const codec = this.#codecs.get(index)!;
    const op = codec.operation.name;
    this.#codecs.delete(index);
    if ('error' in result) return { index, op, error: namedError(result.error, this.#schema, op) as NetlinkError };
    const [message] = result.replies;
    return { index, op, reply: message === undefined ? undefined : this.#decoder.decode(codec, message) };
  }
}
