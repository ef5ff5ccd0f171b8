/*
 * The messages of an open remote socket. Each has a header of 12 bytes, big-endian, and a body:
 *
 *   kind (1 byte), flags (1 byte), 0 (2 bytes), counter (4 bytes), argument (4 bytes)
 *
 * The counter begins at 0 in each direction, and a gap ends the socket: NATS delivers a message at most once. A datagram or a slab that is
 * larger than a message of the server comes in several frames; all of them except the last have the flag.
 */

/** The size of a frame's header. */
const HEADER = 12;

const MORE = 1;

/** The frames to the host. @internal */
export const ToHost: Readonly<Record<'Datagram' | 'Join' | 'Leave' | 'Option' | 'Credit' | 'SendBuffer' | 'Beat' | 'Close', number>> =
  Object.freeze({
    /** A datagram for the kernel. */
    Datagram: 1,
    /** Joins the group in the argument. */
    Join: 2,
    /** Leaves the group in the argument. */
    Leave: 3,
    /** Sets a switch: the argument is twice its index in `SWITCHES`, plus 1 to turn it on. */
    Option: 4,
    /** The number of bytes of slabs that were delivered, in the argument. */
    Credit: 5,
    /** Sets the size of the send buffer to the argument. */
    SendBuffer: 6,
    Beat: 7,
    Close: 8,
  });

/** The frames from the host. @internal */
export const FromHost: Readonly<Record<'Slab' | 'Beat' | 'End', number>> = Object.freeze({
  /** A slab; the argument is the number of datagrams that the kernel had executed when it was read. */
  Slab: 1,
  Beat: 2,
  /** The end of the socket; the body is a {@link HostFailure} as JSON. */
  End: 3,
});

/** The switches of a socket that a client of a remote host can set, by index. @internal */
export const SWITCHES = ['packetInfo', 'broadcastError', 'noEnobufs', 'cappedAck', 'extendedAck', 'strictCheck'] as const;

/** One frame. @internal */
export interface Frame {
  readonly kind: number;
  /** True if the next frame continues the body. */
  readonly more: boolean;
  readonly counter: number;
  readonly argument: number;
  readonly body: Uint8Array;
}

/** Encodes a frame. @internal */
export function encodeFrame(kind: number, counter: number, argument = 0, body: Uint8Array = NOTHING, more = false): Uint8Array {
  const bytes = new Uint8Array(HEADER + body.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint8(1, more ? MORE : 0);
  view.setUint32(4, counter);
  view.setUint32(8, argument);
  bytes.set(body, HEADER);
  return bytes;
}

const NOTHING = new Uint8Array(0);

/** Decodes a frame; undefined if the bytes are too short. @internal */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.byteLength < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    kind: view.getUint8(0),
    more: (view.getUint8(1) & MORE) !== 0,
    counter: view.getUint32(4),
    argument: view.getUint32(8),
    body: bytes.subarray(HEADER),
  };
}

/** Counts the frames of one direction, and splits bodies that do not fit in a message of the server. @internal */
export class FrameWriter {
  readonly #publish: (frame: Uint8Array) => void;
  readonly #limit: number;
  #counter = 0;

  /**
   * @param publish - Publishes a frame.
   * @param payloadLimit - The largest message of the server, in bytes.
   */
  constructor(publish: (frame: Uint8Array) => void, payloadLimit: number) {
    this.#publish = publish;
    this.#limit = Math.max(payloadLimit, 2 * HEADER) - HEADER;
  }

  write(kind: number, argument = 0, body: Uint8Array = NOTHING): void {
    for (let at = 0; ; at += this.#limit) {
      const more = body.byteLength - at > this.#limit;
      this.#publish(encodeFrame(kind, this.#counter, argument, body.subarray(at, at + this.#limit), more));
      this.#counter = (this.#counter + 1) >>> 0;
      if (!more) return;
    }
  }
}

/** Checks the counters of one direction, and joins bodies that came in several frames. @internal */
export class FrameReader {
  readonly #limit: number;
  #counter = 0;
  #parts: Uint8Array[] = [];
  #size = 0;
  #kind = 0;

  /** @param limit - The largest body, in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes of the parts of a body that is not complete. */
  get size(): number {
    return this.#size;
  }

  /**
   * Reads a frame.
   *
   * @returns The frame with its whole body, in memory of its own; `part` if more follow; a text if it cannot be read or others are missing.
   */
  read(bytes: Uint8Array): Frame | 'part' | { readonly fault: string } {
    const frame = decodeFrame(bytes);
    if (frame === undefined) return { fault: `a message of ${bytes.byteLength} bytes is not a frame` };
    if (frame.counter !== this.#counter) return { fault: `messages were lost: expected number ${this.#counter}, got ${frame.counter}` };
    this.#counter = (this.#counter + 1) >>> 0;
    // Parts without bytes would fill the memory without reaching the limit.
    if (frame.more && frame.body.byteLength === 0) return { fault: 'a part of a body is empty' };
    this.#size += frame.body.byteLength;
    if (this.#size > this.#limit) return { fault: `a body has more than ${this.#limit} bytes` };
    if (this.#parts.length > 0 && frame.kind !== this.#kind) return { fault: 'a body that came in parts is not complete' };
    this.#kind = frame.kind;
    this.#parts.push(frame.body);
    if (frame.more) return 'part';
    const body = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      body.set(part, at);
      at += part.byteLength;
    }
    this.#parts = [];
    this.#size = 0;
    return { ...frame, body };
  }
}
