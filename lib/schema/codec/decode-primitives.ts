import { NEST_DEPTH_LIMIT, hostIsLittleEndian } from '../../wire/index.js';
import type { Scope } from './back-end.js';
import { DecodeFault } from './decode-fault.js';
import { detachSecret } from '../value/secret.js';
import { Unknown, type UnknownAttribute } from '../value/unknown.js';

/* Functions that decoders of both back ends share. Offsets count from the start of the frame. */

const scratchWords = new Uint32Array(2);
const scratchUnsigned = new BigUint64Array(scratchWords.buffer);
const scratchSigned = new BigInt64Array(scratchWords.buffer);

/*
 * Each bigint is an object of 24 bytes that the garbage collector copies as long as the row lives, and most 64-bit values of rows
 * repeat: 0, the maximum, limits. So there is a direct-mapped table for each sign: its size is fixed, and a slot holds the latest value.
 */
const SLOTS = 256;

/** Makes the function that joins two words, in the order of memory. */
function joiner(scratch: ArrayLike<bigint>): (first: number, second: number) => bigint {
  const firsts = new Uint32Array(SLOTS);
  const seconds = new Uint32Array(SLOTS);
  const values: bigint[] = new Array<bigint>(SLOTS).fill(0n);
  return (first, second) => {
    // Most counters of a device are 0.
    if (first === 0 && second === 0) return 0n;
    const slot = Math.imul(first ^ Math.imul(second, 0x85eb_ca6b), 0x9e37_79b1) >>> 24;
    if (firsts[slot] === first && seconds[slot] === second) return values[slot]!;
    scratchWords[0] = firsts[slot] = first;
    scratchWords[1] = seconds[slot] = second;
    return (values[slot] = scratch[0]!);
  };
}

/** Reads the 64 bits that two words hold, in the order of memory. @internal */
export const unsigned64: (first: number, second: number) => bigint = joiner(scratchUnsigned);

/** Reads the 64 bits that two words hold, in the order of memory. @internal */
export const signed64: (first: number, second: number) => bigint = joiner(scratchSigned);

/** Reverses the bytes of a word. @internal */
export function swapWord(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Reads 16 bits at any offset, in the host's order. @internal */
export const halfAt: (bytes: Uint8Array, at: number) => number = hostIsLittleEndian
  ? (bytes, at) => bytes[at]! | (bytes[at + 1]! << 8)
  : (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!;

/** Reads 16 bits at any offset, in the order opposite to the host's. @internal */
export const swappedHalfAt: (bytes: Uint8Array, at: number) => number = hostIsLittleEndian
  ? (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!
  : (bytes, at) => bytes[at]! | (bytes[at + 1]! << 8);

/** Reads 32 bits at any offset, in the host's order. @internal */
export const wordAt: (bytes: Uint8Array, at: number) => number = hostIsLittleEndian
  ? (bytes, at) => (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  : (bytes, at) => ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/**
 * Copies bytes of a frame: a view would keep, and expose, the memory of everything that was received with them. Not for a Buffer, whose
 * `slice` returns a view.
 *
 * @internal
 */
export function detach(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return bytes.slice(start, end);
}

/** Sets a property that may have any name; an assignment to `__proto__` would call a setter. @internal */
export function put(object: object, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else (object as Record<string, unknown>)[name] = value;
}

/** Adds the attribute at an offset to the unknown ones of an object. @internal */
export function keepUnknown(object: { [Unknown]?: UnknownAttribute[] }, bytes: Uint8Array, at: number, length: number): void {
  keep(object, bytes, at, detach(bytes, at + 4, at + length));
}

/** Adds an unknown attribute of a set with secrets: its payload may be one. @internal */
export function keepUnknownSecret(object: { [Unknown]?: UnknownAttribute[] }, bytes: Uint8Array, at: number, length: number): void {
  keep(object, bytes, at, detachSecret(bytes, at + 4, at + length));
}

function keep(object: { [Unknown]?: UnknownAttribute[] }, bytes: Uint8Array, at: number, payload: Uint8Array): void {
  const head = halfAt(bytes, at + 2);
  const kept: UnknownAttribute = { type: head & 0x3fff, flags: head & 0xc000, payload };
  const others = object[Unknown];
  if (others === undefined) object[Unknown] = [kept];
  else others.push(kept);
}

/** Finds a property in the enclosing objects, from the inside out. @internal */
export function outerValue(scope: Scope | undefined, property: string): unknown {
  for (let at = scope; at !== undefined; at = at.outer) {
    if (Object.hasOwn(at.value, property)) return (at.value as Record<string, unknown>)[property];
  }
  return undefined;
}

/** Throws for an attribute whose header does not fit or whose length is wrong. @internal */
export function failLength(bytes: Uint8Array, at: number, left: number): never {
  if (left < 4) throw new DecodeFault(`attribute header: expected 4 bytes, got ${left}`, at);
  throw new DecodeFault(`attribute: expected a length from 4 to ${left}, got ${halfAt(bytes, at)}`, at);
}

/** Throws if nests are too deep. @internal */
export function checkDepth(depth: number, at: number): void {
  if (depth > NEST_DEPTH_LIMIT) throw new DecodeFault(`expected at most ${NEST_DEPTH_LIMIT} levels of nests`, at);
}

/** Checks the attribute at an offset and returns its length. @internal */
export function attributeLength(bytes: Uint8Array, at: number, end: number): number {
  const left = end - at;
  if (left < 4) failLength(bytes, at, left);
  const length = halfAt(bytes, at);
  if (length < 4 || length > left) failLength(bytes, at, left);
  return length;
}
