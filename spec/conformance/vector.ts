import { expect } from 'chai';
import { DecodeError, EncodeError } from '../../lib/errors/index.js';
import type { Message } from '../../lib/wire/index.js';

/** The fields that all cases of the vector files have. */
export interface Vector {
  readonly id: string;
  readonly op: string;
  readonly tags?: readonly string[];
}

/** A header in the form of the vectors; `pid` is the port ID. */
export interface VectorHeader {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly pid: number;
}

/** A message in the form of the vectors. */
export interface VectorMessage {
  readonly header: VectorHeader;
  readonly dataHex: string;
}

/** Checks one case; throws if the library differs. */
export type Check = (vector: Vector) => void | Promise<void>;

/** Parses hex without separators. */
export function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Prints hex without separators. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns a message in the form of the vectors. */
export function toVector(message: Message): VectorMessage {
  const { length, type, flags, sequence, portId, payload } = message;
  return { header: { length, type, flags, sequence, pid: portId }, dataHex: toHex(payload) };
}

/** Checks that an action throws a DecodeError or an EncodeError, and no other error. */
export function expectRejection(act: () => unknown): void {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return;
    throw error;
  }
  expect.fail(`accepted: ${String(result)}`);
}
