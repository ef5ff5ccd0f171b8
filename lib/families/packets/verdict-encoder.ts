import { encodeSends } from '../../client/internal.js';
import type { MessageInit } from '../../wire/index.js';
import { nfnetlinkQueueSchema, type VerdictRequest } from '../generated/nfnetlink_queue.js';

/** A message with its payload. @internal */
export type EncodedVerdict = MessageInit & { readonly payload: Uint8Array };

/** The offsets in a plain verdict: behind `nfgenmsg` and the header of NFQA_VERDICT_HDR. */
const VERDICT_OFFSET = 8;
const ID_OFFSET = 12;

/**
 * Encodes the verdicts of one queue.
 *
 * Most verdicts only accept or drop. They are copies of one message with another verdict and another packet, which costs a fifth of encoding
 * them from the descriptor.
 *
 * @internal
 */
export class VerdictEncoder {
  readonly #number: number;
  readonly #single: EncodedVerdict;
  readonly #batch: EncodedVerdict;

  /** @param number - The number of the queue. */
  constructor(number: number) {
    this.#number = number;
    const plain = { verdictHdr: { verdict: 0, id: 0 } };
    this.#single = this.#encode(plain, false);
    this.#batch = this.#encode(plain, true);
  }

  /**
   * Encodes a verdict of one packet, or of all up to it.
   *
   * @throws `EncodeError` if a value does not fit.
   */
  encode(request: VerdictRequest, all: boolean): EncodedVerdict {
    const { verdictHdr } = request;
    if (!isPlain(request) || !isWord(verdictHdr?.verdict) || !isWord(verdictHdr.id ?? 0)) return this.#encode(request, all);
    const { type, flags, payload } = all ? this.#batch : this.#single;
    const bytes = payload.slice();
    writeNumber(bytes, VERDICT_OFFSET, verdictHdr.verdict);
    writeNumber(bytes, ID_OFFSET, verdictHdr.id ?? 0);
    return { type, flags: flags ?? 0, payload: bytes };
  }

  #encode(request: VerdictRequest, all: boolean): EncodedVerdict {
    const op = all ? 'verdict-batch' : 'verdict';
    const [message] = encodeSends(nfnetlinkQueueSchema, [{ op, request: { resId: this.#number, ...request } }], undefined);
    return message!;
  }
}

/** Returns true for a verdict that changes nothing of the packet. `Object.keys` would make an array. */
function isPlain(request: VerdictRequest): boolean {
  let properties = 0;
  for (const _ in request) properties++;
  return properties === 1;
}

/** Returns true for an integer of 32 bits; the encoder reports others. */
function isWord(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value;
}

/** Writes a number of 32 bits, the highest first. */
function writeNumber(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
