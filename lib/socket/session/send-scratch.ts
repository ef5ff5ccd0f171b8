import type { PendingRequest, RequestBlock } from '../../exchange/index.js';
import { MessageFlags, type MessageInit } from '../../wire/index.js';
import { encodedSize, writeMessage } from '../../wire/internal.js';

const FIRST_SIZE = 4096;
/** The buffer of a socket that has sent nothing: many only listen. */
const NOTHING = new Uint8Array(0);
const NO_WORDS = new Uint32Array(NOTHING.buffer);

/** A buffer that a socket encodes its requests into. It is reused, because the kernel copies a request when it is sent. @internal */
export class SendScratch {
  #bytes = NOTHING;
  #words = NO_WORDS;

  /** The encoded request, up to the length that {@link SendScratch.encode} returned; valid until its next call. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Encodes a request, after the other requests of its datagram.
   *
   * @returns The length of the datagram in bytes.
   */
  encode({ init, sequence, portId, traits, block }: PendingRequest): number {
    const last = encodedSize(init);
    this.#reserve(last);
    const offset = block === undefined ? 0 : this.#encodeBlock(block, last);
    return offset + writeMessage(this.#bytes, this.#words, offset, init, sequence, portId, traits.flags);
  }

  /** Encodes one request alone. Returns the length of the datagram in bytes. */
  encodeOne(init: MessageInit, sequence: number, portId: number, flags: number): number {
    this.#reserve(encodedSize(init));
    return writeMessage(this.#bytes, this.#words, 0, init, sequence, portId, flags);
  }

  /** Encodes the requests before the last one and reserves space for that one. Returns its offset. */
  #encodeBlock(block: RequestBlock<PendingRequest>, last: number): number {
    const { inits } = block;
    let size = last;
    for (let index = 0; index < block.count; index++) size += encodedSize(inits[index]!);
    this.#reserve(size);
    let offset = 0;
    for (let index = 0; index < block.count; index++) {
      const init = inits[index]!;
      const flags = (init.flags ?? 0) | MessageFlags.Request;
      offset += writeMessage(this.#bytes, this.#words, offset, init, block.sequenceOf(index), init.portId ?? block.portId, flags);
    }
    return offset;
  }

  #reserve(size: number): void {
    if (size > this.#bytes.length) this.#grow(size);
  }

  #grow(size: number): void {
    this.#bytes = new Uint8Array(Math.max(FIRST_SIZE, 2 ** Math.ceil(Math.log2(size))));
    this.#words = new Uint32Array(this.#bytes.buffer);
  }
}
