import { Observable, map } from 'rxjs';
import { operationCodec, type FamilySchema, type OperationCodec, type OperationMode } from '../../schema/index.js';
import { checkOptionNames, omitUndefined } from '../../check/index.js';
import { type NetlinkSocket, type RequestOptions } from '../../socket/index.js';
import { untilAborted, checkRequestOptions } from '../../socket/internal.js';
import { MessageFlags, Protocol, type Message, type MessageInit } from '../../wire/index.js';
import { rowCheck, type FindFilters, type RowCheck } from './dump-filter.js';
import { dropRepeats } from './drop-repeats.js';
import { encodeRequest } from './encode-request.js';
import { genericFamilies } from '../generic-family.js';
import { isOwnEcho } from './is-own-echo.js';
import { mergeParts } from './merge-parts.js';
import { namedError } from '../advice/named-error.js';
import { ackReply } from './ack-reply.js';
import { pickedCodec } from '../picked-row.js';
import { requestFlags, type DoOptions } from './request-flags.js';
import type { ValueDecoder } from '../value-decoder.js';

/** Options of `dump()` of a family client. @public */
export type DumpOptions = Pick<RequestOptions, 'timeout' | 'signal'>;

/** The names of the options of a dump. @internal */
export const DUMP_OPTIONS: ReadonlySet<string> = new Set(['timeout', 'signal', 'pick']);

/** Options with a `pick` that is not checked yet. */
type Picking<Options> = Options & { readonly pick?: readonly string[] | undefined };

/** The parts that turn the messages of a request into rows. */
interface RowParts {
  readonly codec: OperationCodec;
  /** Decodes all properties: a filter may need one that is not picked. */
  readonly whole: OperationCodec;
  /** Creates the check for an encoded request. */
  readonly check: (payload: Uint8Array) => RowCheck | undefined;
}

/**
 * Runs operations of a family on a socket: values in, values out.
 *
 * @internal
 */
export class FamilyRequests {
  readonly #socket: NetlinkSocket;
  readonly #schema: FamilySchema;
  readonly #decoder: ValueDecoder;
  readonly #filters: FindFilters;

  constructor(socket: NetlinkSocket, schema: FamilySchema, decoder: ValueDecoder, filters: FindFilters) {
    this.#socket = socket;
    this.#schema = schema;
    this.#decoder = decoder;
    this.#filters = filters;
  }

  do(op: string, request: object, options: Picking<DoOptions>): Observable<object> {
    const flags = requestFlags(options);
    const { timeout, signal, ack, ordered, pick } = options;
    const treatment = {
      dump: false,
      operation: op,
      ...omitUndefined({ ack, timeout, signal, ordered }),
    };
    return this.#run(op, 'do', request, flags, treatment, pick);
  }

  dump(op: string, request: object, input: Picking<DumpOptions>): Observable<object> {
    checkOptionNames('dump', input, DUMP_OPTIONS);
    const { pick, ...options } = input;
    return this.#run(op, 'dump', request, MessageFlags.Dump, { ...options, dump: true, operation: op }, pick);
  }

  #run(
    op: string,
    mode: OperationMode,
    request: object,
    flags: number,
    options: RequestOptions,
    pick: readonly string[] | undefined,
  ): Observable<object> {
    checkRequestOptions(options);
    const whole = operationCodec(this.#schema, op);
    const { do: doing, dump, merge, distinct } = whole.operation;
    const number = mode === 'do' ? doing?.request : dump?.request;
    if (number === undefined) throw new TypeError(`${this.#schema.source}: ${op} has no ${mode}`);
    // The keys of partial objects and of repeated rows are needed even if they are not picked.
    const needed = [...(merge?.key ?? []), ...(distinct ?? []).flatMap(([property]) => property ?? [])];
    const { codec, takeOff } = pickedCodec(whole, pick, needed);
    // The other protocols always filter, and never set NLM_F_DUMP_FILTERED.
    const filters =
      mode === 'dump' && isObject(request) && this.#schema.protocol === Protocol.Route ? this.#filters(op, request) : undefined;
    const check = (payload: Uint8Array): RowCheck | undefined => rowCheck(whole, payload, request, filters);
    const values = (type: number): Observable<object> => this.#values({ codec, whole, check }, { type, flags }, mode, request, options);
    const { name, generic } = this.#schema;
    const replies =
      generic === undefined
        ? values(number)
        : untilAborted(
            genericFamilies(this.#socket).with(name, ({ id }) => values(id), options.timeout),
            options.signal,
          );
    const merged = merge === undefined ? replies : replies.pipe(mergeParts(merge));
    const rows = mode === 'dump' && distinct !== undefined ? merged.pipe(dropRepeats(distinct)) : merged;
    return takeOff === undefined ? rows : rows.pipe(map(takeOff));
  }

  /** Decodes values and names errors in one layer, because a dump may have hundreds of thousands of rows. */
  #values(
    { codec, whole, check }: RowParts,
    init: MessageInit,
    mode: OperationMode,
    request: object,
    options: RequestOptions,
  ): Observable<object> {
    return new Observable((subscriber) => {
      let payload: Uint8Array;
      let fits: RowCheck | undefined;
      try {
        payload = encodeRequest(codec, request, mode, init.flags ?? 0);
        fits = check(payload);
      } catch (error) {
        subscriber.error(error);
        return undefined;
      }
      const ackNumber = mode === 'do' ? codec.operation.do?.ackNumber : undefined;
      const messages = this.#socket.requestUnchecked({ ...init, payload }, options);
      if (ackNumber !== undefined)
        return messages.pipe(ackReply(ackNumber, (error) => namedError(error, this.#schema, codec.operation.name))).subscribe(subscriber);
      return messages.subscribe({
        next: (message: Message) => {
          if (!isOwnEcho(this.#schema.protocol, init.type, init.flags ?? 0, message)) return;
          let value: object;
          try {
            value = this.#decoder.decode(codec, message);
            if (fits !== undefined && (message.flags & MessageFlags.DumpFiltered) === 0) {
              if (!fits(codec === whole ? value : whole.decode(message))) return;
            }
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

function isObject(request: unknown): boolean {
  return typeof request === 'object' && request !== null;
}
