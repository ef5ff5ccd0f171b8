import { expect } from 'chai';
import { DecodeError, EncodeError } from '../../lib/errors/index.js';
import type { Message } from '../../lib/wire/index.js';

/** One case of a vector file, as far as all have the same form. */
export interface Vector {
  readonly id: string;
  readonly op: string;
  readonly tags?: readonly string[];
}

/** A header as the vectors write it; `pid` is the port ID. */
export interface VectorHeader {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly pid: number;
}

/** A message as the vectors write it. */
export interface VectorMessage {
  readonly header: VectorHeader;
  readonly dataHex: string;
}

/** Checks one case; throws where the library does otherwise. */
export type Check = (vector: Vector) => void | Promise<void>;

/** Reads hex without separators. */
export function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Prints hex without separators. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Writes a message as the vectors do. */
export function toVector(message: Message): VectorMessage {
  const { length, type, flags, sequence, portId, payload } = message;
  return { header: { length, type, flags, sequence, pid: portId }, dataHex: toHex(payload) };
}

/** Runs something that has to be refused as malformed or impossible, not to fail in any other way. */
export function expectRefusal(act: () => unknown): void {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return;
    throw error;
  }
  expect.fail(`accepted: ${String(result)}`);
}
