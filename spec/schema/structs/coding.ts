import { expect } from 'chai';
import { EncodeError } from '../../../lib/errors/index.js';
import { operationCodec, type OperationMode } from '../../../lib/schema/index.js';
import { atOddOffset, hex } from '../../wire/bytes.js';
import { STRUCTS } from './struct-samples.js';

/** Decodes with both back ends, also at an odd offset; fails if they differ. */
export function decoded(operation: string, bytes: readonly number[]): Record<string, unknown> {
  const payload = Uint8Array.from(bytes);
  const value = operationCodec(STRUCTS, operation, 'closures').decodePayload(payload);
  expect(operationCodec(STRUCTS, operation, 'compiled').decodePayload(payload)).to.deep.equal(value);
  expect(operationCodec(STRUCTS, operation, 'compiled').decodePayload(atOddOffset(payload, 1))).to.deep.equal(value);
  return value as Record<string, unknown>;
}

export function encoded(operation: string, value: object, mode: OperationMode = 'do'): string {
  return hex(operationCodec(STRUCTS, operation).encode(value, mode));
}

export function rejection(operation: string, value: object): string {
  try {
    encoded(operation, value);
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  return '';
}

/** Checks that bytes decode to a value, and that the value encodes to the same bytes in either direction. */
export function both(operation: string, bytes: readonly number[], value: object): void {
  expect(decoded(operation, bytes)).to.deep.equal(value);
  expect(encoded(operation, value, 'reply')).to.equal(hex(Uint8Array.from(bytes)));
}

/** Returns zeros. */
export function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}
