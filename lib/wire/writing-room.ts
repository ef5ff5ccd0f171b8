const BLOCK_SIZE = 1 << 14;
const FIRST_SIZE = 64;
const SMALL = 64;

/** A stretch of bytes that many writers share, each with a piece of its own; no byte is given out twice. */
interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  /** From here on nobody has it. */
  free: number;
}

let shared: Block | undefined;

function makeBlock(size: number, free: number): Block {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer), free };
}

/**
 * Memory to write something small into, whose size is not known before.
 *
 * Pieces are cut from blocks that are shared: a buffer of its own for each request costs more than all that is written into it.
 *
 * @internal
 */
export class WritingRoom {
  /** Bytes written so far; writers set it back where they take something back. */
  length = 0;
  #block: Block;
  #start: number;
  #size = FIRST_SIZE;

  constructor() {
    if (shared === undefined || shared.free + FIRST_SIZE > BLOCK_SIZE) shared = makeBlock(BLOCK_SIZE, 0);
    this.#block = shared;
    this.#start = shared.free;
    shared.free += FIRST_SIZE;
  }

  /** For integers, at where {@link WritingRoom.append} said; another one after it. */
  get view(): DataView {
    return this.#block.view;
  }

  /** Where the byte that was written at `offset` lies in the view now. */
  at(offset: number): number {
    return this.#start + offset;
  }

  /** Makes room for so many bytes, whatever is in them, and returns where in the view they start. */
  append(size: number): number {
    const offset = this.length;
    const length = offset + size;
    if (length > this.#size) this.#grow(length);
    this.length = length;
    return this.#start + offset;
  }

  /** Writes zeros up to the end of what was appended. */
  clearFrom(at: number): void {
    const { bytes } = this.#block;
    for (const end = this.#start + this.length; at < end; at++) bytes[at] = 0;
  }

  copyIn(value: Uint8Array, at: number): void {
    const { bytes } = this.#block;
    const { length } = value;
    // For a few bytes a loop costs less than the call.
    if (length > SMALL) bytes.set(value, at);
    else for (let index = 0; index < length; index++) bytes[at + index] = value[index]!;
  }

  /** What was written, in memory of its own. */
  copyOut(): Uint8Array<ArrayBuffer> {
    return this.#block.bytes.slice(this.#start, this.#start + this.length);
  }

  #grow(least: number): void {
    const old = this.#block;
    const start = this.#start;
    const size = Math.max(least, 2 * this.#size);
    if (old.free === start + this.#size && start + size <= old.bytes.length) {
      old.free = start + size;
    } else {
      this.#block = makeBlock(size, size);
      this.#block.bytes.set(old.bytes.subarray(start, start + this.length));
      this.#start = 0;
    }
    this.#size = size;
  }
}
