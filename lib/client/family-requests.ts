import { Observable } from 'rxjs';
import { operationCodec, type FamilySchema, type OperationCodec, type OperationMode } from '../schema/index.js';
import type { NetlinkSocket, RequestOptions } from '../socket/index.js';
import { MessageFlags, type Message, type MessageInit } from '../wire/index.js';
import { genericFamilies } from './generic-family.js';
import { mergeParts } from './merge-parts.js';
import { namedError } from './named-error.js';
import { requestFlags, type DoOptions } from './request-flags.js';
import type { ValueDecoder } from './value-decoder.js';

/** How to treat a dump. @public */
export type DumpOptions = Pick<RequestOptions, 'timeout' | 'signal'>;

/**
 * Runs operations of a family on a socket: values in, values out.
 *
 * @internal
 */
export class FamilyRequests {
  readonly #socket: NetlinkSocket;
  readonly #schema: FamilySchema;
  readonly #decoder: ValueDecoder;

  constructor(socket: NetlinkSocket, schema: FamilySchema, decoder: ValueDecoder) {
    this.#socket = socket;
    this.#schema = schema;
    this.#decoder = decoder;
  }

  do(op: string, request: object, options: DoOptions): Observable<object> {
    const { timeout, signal, ack } = options;
    return this.#run(op, 'do', request, requestFlags(options), {
      dump: false,
      operation: op,
      ...(ack === undefined ? {} : { ack }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  dump(op: string, request: object, options: DumpOptions): Observable<object> {
    return this.#run(op, 'dump', request, MessageFlags.Dump, { ...options, dump: true, operation: op });
  }

  #run(op: string, mode: OperationMode, request: object, flags: number, options: RequestOptions): Observable<object> {
    const codec = operationCodec(this.#schema, op);
    const number = mode === 'do' ? codec.operation.do?.request : codec.operation.dump?.request;
    if (number === undefined) throw new TypeError(`${this.#schema.source}: ${op} has no ${mode}`);
    const values = (type: number): Observable<object> => this.#values(codec, { type, flags }, mode, request, options);
    const { name, generic } = this.#schema;
    const replies = generic === undefined ? values(number) : genericFamilies(this.#socket).with(name, ({ id }) => values(id));
    const { merge } = codec.operation;
    return merge === undefined ? replies : replies.pipe(mergeParts(merge));
  }

  /** One layer for decoding and naming errors: dumps bring hundreds of thousands of rows through here. */
  #values(codec: OperationCodec, init: MessageInit, mode: OperationMode, request: object, options: RequestOptions): Observable<object> {
    return new Observable((subscriber) => {
      let payload: Uint8Array;
      try {
        payload = codec.encode(request, mode);
      } catch (error) {
        subscriber.error(error);
        return undefined;
      }
      return this.#socket.request({ ...init, payload }, options).subscribe({
        next: (message: Message) => {
          let value: object;
          try {
            value = this.#decoder.decode(codec, message);
          } catch (error) {
            subscriber.error(error);
            return;
          }
          subscriber.next(value);
        },
        error: (error: unknown) => subscriber.error(namedError(error, this.#schema, codec.operation.name)),
        complete: () => subscriber.complete(),
      });
    });
  }
}
