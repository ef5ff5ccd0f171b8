import { Observable, defaultIfEmpty, map, type Subscriber } from 'rxjs';
import { operationCodec, type FamilySchema, type OperationCodec, type OperationSchema } from '../../schema/index.js';
import { checkOptionNames } from '../../check/index.js';
import { type NetlinkSocket, type RequestOptions } from '../../socket/index.js';
import { untilAborted, checkRequestValues } from '../../socket/internal.js';
import { MessageFlags, Protocol } from '../../wire/index.js';
import { rowCheck, type FindFilters, type RowCheck, type RowFilters } from './dump-filter.js';
import { dropRepeats } from './drop-repeats.js';
import { encodeRequest } from './encode-request.js';
import { genericFamilies } from '../generic-family.js';
import { mergeParts } from './merge-parts.js';
import { namedError } from '../advice/named-error.js';
import { ackReply } from './ack-reply.js';
import { pickedCodec } from '../picked-row.js';
import { RowObserver } from './row-observer.js';
import { requestFlags, type DoOptions } from './request-flags.js';
import type { ValueDecoder } from '../value-decoder.js';

/** Options of `dump()` of a family client. @public */
export type DumpOptions = Pick<RequestOptions, 'timeout' | 'signal'>;

/** The names of the options of a dump. @internal */
export const DUMP_OPTIONS: ReadonlySet<string> = new Set(['timeout', 'signal', 'pick']);

const NONE: readonly string[] = [];

/** The protocols whose dumps ignore some properties of a request silently. */
const IGNORING: ReadonlySet<number> = new Set([Protocol.Route, Protocol.Netfilter]);

/** Options with a `pick` that is not checked yet. */
type Picking<Options> = Options & { readonly pick?: readonly string[] | undefined };

/** A request that is ready to be sent by each subscriber. */
interface PreparedRequest {
  readonly mode: 'do' | 'dump';
  readonly request: object;
  readonly flags: number;
  readonly options: RequestOptions;
  readonly codec: OperationCodec;
  /** Decodes all properties: a filter may need one that is not picked. */
  readonly whole: OperationCodec;
  readonly filters: RowFilters | undefined;
  /** Emits `undefined` if the kernel sends no reply. */
  readonly emitsEmpty: boolean;
}

/**
 * Runs operations of a family on a socket: values in, values out.
 *
 * @internal
 */
export class FamilyRequests {
  readonly #socket: NetlinkSocket;
  readonly #schema: FamilySchema;
  readonly #isGeneric: boolean;
  readonly #decoder: ValueDecoder;
  readonly #filters: FindFilters;

  constructor(socket: NetlinkSocket, schema: FamilySchema, decoder: ValueDecoder, filters: FindFilters) {
    this.#socket = socket;
    this.#schema = schema;
    this.#isGeneric = schema.generic !== undefined;
    this.#decoder = decoder;
    this.#filters = filters;
  }

  /** Emits the reply; `undefined` if the kernel sends none. @param codec - Decodes all properties. */
  do(codec: OperationCodec, request: object, input: Picking<DoOptions>): Observable<object | undefined> {
    const flags = requestFlags(input);
    const { timeout, signal, ack, ordered, pick } = input;
    const options = { dump: false, operation: codec.operation.name, ack, timeout, signal, ordered } as RequestOptions;
    checkRequestValues(options);
    return this.#run(codec, 'do', request, flags, options, pick);
  }

  dump(op: string, request: object, input: Picking<DumpOptions>): Observable<object> {
    checkOptionNames('dump', input, DUMP_OPTIONS);
    const { timeout, signal, pick } = input;
    const options = { dump: true, operation: op, timeout, signal } as RequestOptions;
    checkRequestValues(options);
    return this.#run(operationCodec(this.#schema, op), 'dump', request, MessageFlags.Dump, options, pick) as Observable<object>;
  }

  #run(
    whole: OperationCodec,
    mode: 'do' | 'dump',
    request: object,
    flags: number,
    options: RequestOptions,
    pick: readonly string[] | undefined,
  ): Observable<object | undefined> {
    const { operation } = whole;
    const { merge, distinct } = operation;
    const number = operation[mode]?.request;
    if (number === undefined) throw new TypeError(`${this.#schema.source}: ${operation.name} has no ${mode}`);
    const { codec, takeOff } = pick === undefined ? { codec: whole } : pickedCodec(whole, pick, neededProperties(operation));
    const filters =
      mode === 'dump' && isObject(request) && IGNORING.has(this.#decoder.protocol) ? this.#filters(operation.name, request) : undefined;
    const emitsEmpty = mode === 'do' && merge === undefined && takeOff === undefined;
    const prepared: PreparedRequest = { mode, request, flags, options, codec, whole, filters, emitsEmpty };
    const replies = this.#replies(number, prepared);
    if (merge === undefined && distinct === undefined) return replies;
    const merged = merge === undefined ? replies : replies.pipe(mergeParts(merge));
    const rows = mode === 'dump' && distinct !== undefined ? merged.pipe(dropRepeats(distinct)) : merged;
    const values = takeOff === undefined ? rows : rows.pipe(map(takeOff));
    return mode === 'do' && !emitsEmpty ? values.pipe(defaultIfEmpty(undefined)) : values;
  }

  #replies(number: number, prepared: PreparedRequest): Observable<object> {
    const values = (type: number): Observable<object> => new Observable((subscriber) => this.#send(type, prepared, subscriber));
    if (!this.#isGeneric) return values(number);
    const { timeout, signal } = prepared.options;
    const replies = genericFamilies(this.#socket).with(this.#schema.name, ({ id }) => values(id), timeout);
    return untilAborted(replies, signal);
  }

  /** Sends a request. Values are decoded and errors are named in one layer, because a dump may have hundreds of thousands of rows. */
  #send(type: number, prepared: PreparedRequest, subscriber: Subscriber<object | undefined>): void {
    const { mode, request, flags, options, codec, whole, filters, emitsEmpty } = prepared;
    let payload: Uint8Array;
    let fits: RowCheck | undefined;
    try {
      payload = encodeRequest(codec, request, mode, flags);
      fits = rowCheck(whole, payload, request, filters);
    } catch (error) {
      subscriber.error(error);
      return;
    }
    const init = { type, flags, payload };
    const { ackNumber } = codec.operation[mode] as { ackNumber?: string };
    if (mode === 'do' && ackNumber !== undefined) {
      const replies = this.#socket.requestUnchecked(init, options);
      replies.pipe(ackReply(ackNumber, (error) => namedError(error, this.#schema, codec.operation.name))).subscribe(subscriber);
      return;
    }
    const rows = new RowObserver(subscriber, this.#decoder, codec, init, fits && { fits, whole }, emitsEmpty);
    this.#socket.sendRequest(init, options, subscriber, rows);
  }
}

/** Returns the properties that are needed even if they are not picked: the keys of partial objects and of repeated rows. */
function neededProperties({ merge, distinct }: OperationSchema): readonly string[] {
  if (merge === undefined && distinct === undefined) return NONE;
  return [...(merge?.key ?? []), ...(distinct ?? []).flatMap(([property]) => property ?? [])];
}

function isObject(request: unknown): boolean {
  return typeof request === 'object' && request !== null;
}
