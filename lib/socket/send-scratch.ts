import type { PendingRequest } from '../exchange/index.js';
import { encodedSize, writeMessage } from '../wire/index.js';

const FIRST_SIZE = 4096;

/** Memory that a socket encodes its requests into, over and over: the kernel copies them while they are sent. @internal */
export class SendScratch {
  #bytes = new Uint8Array(FIRST_SIZE);
  #view = new DataView(this.#bytes.buffer);

  /** Valid up to the length that {@link SendScratch.encode} returned, until its next call. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Writes requests one behind the other.
   *
   * @returns How many bytes they take.
   */
  encode(requests: readonly PendingRequest[]): number {
    let size = 0;
    for (const { init } of requests) size += encodedSize(init);
    if (size > this.#bytes.byteLength) this.#grow(size);
    let offset = 0;
    for (const { init, sequence, portId, traits } of requests) {
      offset += writeMessage(this.#bytes, this.#view, offset, init, sequence, portId, traits.flags);
    }
    return offset;
  }

  #grow(size: number): void {
    this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(size)));
    this.#view = new DataView(this.#bytes.buffer);
  }
}
