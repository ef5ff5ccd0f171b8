import type { PendingRequest, RequestBlock } from '../../exchange/index.js';
import { MESSAGE_HEADER_SIZE, MessageFlags, type MessageInit } from '../../wire/index.js';
import { checkHeader, encodedSize, joinHalves, writeMessage } from '../../wire/internal.js';

const FIRST_SIZE = 4096;
/** The buffer of a socket that has sent nothing: many only listen. */
const NOTHING = new Uint8Array(0);
const NOTHING_VIEW = new DataView(NOTHING.buffer);
const NO_WORDS = new Uint32Array(NOTHING.buffer);

/** A buffer that a socket encodes its requests into. It is reused, because the kernel copies a request when it is sent. @internal */
export class SendScratch {
  #bytes = NOTHING;
  #view = NOTHING_VIEW;
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
    return offset + writeMessage(this.#bytes, this.#view, offset, init, sequence, portId, traits.flags);
  }

  /**
   * Encodes one request alone, by words: most requests are.
   *
   * @returns The length of the datagram in bytes.
   */
  encodeOne(init: MessageInit, sequence: number, portId: number, flags: number): number {
    const size = encodedSize(init);
    const { type, payload } = init;
    if (((type | flags) & ~0xffff) !== 0) checkHeader(type, flags, sequence, portId);
    this.#reserve(size);
    const words = this.#words;
    // The padding.
    words[(size >> 2) - 1] = 0;
    words[0] = MESSAGE_HEADER_SIZE;
    words[1] = joinHalves(type, flags);
    words[2] = sequence;
    words[3] = portId;
    if (payload === undefined) return size;
    words[0] = MESSAGE_HEADER_SIZE + payload.length;
    this.#bytes.set(payload, MESSAGE_HEADER_SIZE);
    return size;
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
      offset += writeMessage(this.#bytes, this.#view, offset, init, block.sequenceOf(index), init.portId ?? block.portId, flags);
    }
    return offset;
  }

  #reserve(size: number): void {
    if (size > this.#bytes.length) this.#grow(size);
  }

  #grow(size: number): void {
    this.#bytes = new Uint8Array(Math.max(FIRST_SIZE, 2 ** Math.ceil(Math.log2(size))));
    this.#view = new DataView(this.#bytes.buffer);
    this.#words = new Uint32Array(this.#bytes.buffer);
  }
}
