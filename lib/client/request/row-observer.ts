import type { Subscriber } from 'rxjs';
import type { OperationCodec } from '../../schema/index.js';
import { MessageFlags, Protocol, type Message, type MessageInit } from '../../wire/index.js';
import { namedError } from '../advice/named-error.js';
import type { RequestOutcome } from '../../socket/internal.js';
import type { ValueDecoder } from '../value-decoder.js';
import type { RowCheck } from './dump-filter.js';
import { isOwnEcho } from './is-own-echo.js';

/** The check of the rows that the kernel has not filtered. @internal */
export interface RowFilter {
  readonly fits: RowCheck;
  /** Decodes all properties: the check may need one that the rows lack. */
  readonly whole: OperationCodec;
}

/**
 * Decodes the replies to a request and names its errors.
 *
 * @internal
 */
export class RowObserver implements RequestOutcome {
  /** True while no error has one of the messages: rows are copies. */
  keepsNothing = true;
  readonly #subscriber: Subscriber<object | undefined>;
  readonly #decoder: ValueDecoder;
  readonly #codec: OperationCodec;
  readonly #init: MessageInit;
  readonly #filter: RowFilter | undefined;
  #isEmpty: boolean;

  /**
   * @param init - The request.
   * @param emitsEmpty - Emits `undefined` if there is no reply.
   */
  constructor(
    subscriber: Subscriber<object | undefined>,
    decoder: ValueDecoder,
    codec: OperationCodec,
    init: MessageInit,
    filter: RowFilter | undefined,
    emitsEmpty: boolean,
  ) {
    this.#subscriber = subscriber;
    this.#decoder = decoder;
    this.#codec = codec;
    this.#init = init;
    this.#filter = filter;
    this.#isEmpty = emitsEmpty;
  }

  next(message: Message): void {
    const { type, flags = 0 } = this.#init;
    if (!isOwnEcho(this.#decoder.protocol, type, flags, message)) return;
    let value: object;
    try {
      value = this.#decoder.decode(this.#codec, message);
      if (this.#filter !== undefined && !this.#isSelected(this.#filter, message, value)) return;
    } catch (error) {
      this.keepsNothing = false;
      this.#subscriber.error(error);
      return;
    }
    this.#isEmpty = false;
    this.#subscriber.next(value);
  }

  error(error: unknown): void {
    this.keepsNothing = false;
    this.#subscriber.error(namedError(error, this.#decoder.schema, this.#codec.operation.name));
  }

  complete(): void {
    if (this.#isEmpty) this.#subscriber.next(undefined);
    this.#subscriber.complete();
  }

  #isSelected({ fits, whole }: RowFilter, message: Message, value: object): boolean {
    // Netfilter marks rows that it has filtered by some of the properties only.
    const isFiltered = this.#decoder.protocol === Protocol.Route && (message.flags & MessageFlags.DumpFiltered) !== 0;
    return isFiltered || fits(whole === this.#codec ? value : whole.decode(message));
  }
}
