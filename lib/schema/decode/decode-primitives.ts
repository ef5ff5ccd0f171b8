import { NEST_DEPTH_LIMIT, decodeText, hostIsLittleEndian, ipv4Text, ipv6Text, linkAddressText } from '../../wire/index.js';
import { type Scope } from './back-end.js';
import { DecodeFault } from './decode-fault.js';
import type { Bitfield32 } from '../descriptor/family-types.js';
import { detachSecret } from '../value/secret.js';
import { Unknown, type UnknownAttribute } from '../value/unknown.js';

/* What decoders of both back ends are made of. Offsets count in the frame. */

const scratchWords = new Uint32Array(2);
const scratchUnsigned = new BigUint64Array(scratchWords.buffer);
const scratchSigned = new BigInt64Array(scratchWords.buffer);

/** Reads the 64 bits that two words hold, in memory's order. @internal */
export function unsigned64(first: number, second: number): bigint {
  scratchWords[0] = first;
  scratchWords[1] = second;
  return scratchUnsigned[0]!;
}

/** Reads the 64 bits that two words hold, in memory's order. @internal */
export function signed64(first: number, second: number): bigint {
  scratchWords[0] = first;
  scratchWords[1] = second;
  return scratchSigned[0]!;
}

/** Turns the bytes of a word round. @internal */
export function swapWord(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Reads 16 bits at any offset, in the host's order. @internal */
export const halfAt: (bytes: Uint8Array, at: number) => number = hostIsLittleEndian
  ? (bytes, at) => bytes[at]! | (bytes[at + 1]! << 8)
  : (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!;

/** Reads 16 bits at any offset, against the host's order. @internal */
export const swappedHalfAt: (bytes: Uint8Array, at: number) => number = hostIsLittleEndian
  ? (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!
  : (bytes, at) => bytes[at]! | (bytes[at + 1]! << 8);

/** Reads 32 bits at any offset, in the host's order. @internal */
export const wordAt: (bytes: Uint8Array, at: number) => number = hostIsLittleEndian
  ? (bytes, at) => (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  : (bytes, at) => ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** Reads text up to its first NUL, as C does. @internal */
export function text(bytes: Uint8Array, start: number, end: number): string {
  let stop = start;
  while (stop < end && bytes[stop] !== 0) stop++;
  return decodeText(bytes, start, stop);
}

/** Reads an address, told by its length; undefined where that is none. @internal */
export function address(bytes: Uint8Array, start: number, end: number, mac: boolean): string | undefined {
  const length = end - start;
  if (length === 4) return ipv4Text(bytes, start);
  if (length === 16) return ipv6Text(bytes, start);
  return length === 6 || mac ? linkAddressText(bytes, start, length) : undefined;
}

/** Reads a UUID; undefined where there are no 16 bytes. @internal */
export function uuid(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start !== 16) return undefined;
  const hex = linkAddressText(bytes, start, 16).replaceAll(':', '');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Numbers of address families, as headers and socket addresses hold them (`AF_INET`, `AF_INET6`).
 *
 * nftables has other numbers beside: see `NfProtocol` of `rxnetlink/families/nftables`.
 *
 * @public
 */
export const AddressFamily: {
  /** All of them, in dumps; none, where an object has no address: a group of nexthops. */
  readonly Unspec: 0;
  readonly Inet: 2;
  /** Of links and neighbours what bridges know: ports and their VLANs, forwarding entries. */
  readonly Bridge: 7;
  readonly Inet6: 10;
} = Object.freeze({ Unspec: 0, Inet: 2, Bridge: 7, Inet6: 10 });

/** Reads a `sockaddr_in` or a `sockaddr_in6`; undefined where it is neither. @internal */
export function socketAddress(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length !== 16 && length !== 28) return undefined;
  const port = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  const family = halfAt(bytes, start);
  if (length === 16) return family === AddressFamily.Inet ? `${ipv4Text(bytes, start + 4)}:${port}` : undefined;
  if (family !== AddressFamily.Inet6) return undefined;
  const zone = wordAt(bytes, start + 24);
  return `[${ipv6Text(bytes, start + 8)}${zone === 0 ? '' : `%${zone}`}]:${port}`;
}

/** Reads a bitfield; undefined where there are no 8 bytes. @internal */
export function bitfield32(bytes: Uint8Array, start: number, end: number): Bitfield32 | undefined {
  return end - start === 8 ? { value: wordAt(bytes, start), selector: wordAt(bytes, start + 4) } : undefined;
}

/** Detaches bytes: a view would keep, and show, the memory of everything that was received with them. @internal */
export function detach(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

/** Sets a property that may have any name: `__proto__` would be a setter. @internal */
export function put(object: object, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else (object as Record<string, unknown>)[name] = value;
}

/** Keeps the attribute at an offset with the unknown ones of an object. @internal */
export function keepUnknown(object: { [Unknown]?: UnknownAttribute[] }, bytes: Uint8Array, at: number, length: number): void {
  keep(object, bytes, at, detach(bytes, at + 4, at + length));
}

/** The same in a set with secrets: what such an attribute holds may be one. @internal */
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

/** Looks for a property in the enclosing objects, from the inside out. @internal */
export function outerValue(scope: Scope | undefined, property: string): unknown {
  for (let at = scope; at !== undefined; at = at.outer) {
    if (Object.hasOwn(at.value, property)) return (at.value as Record<string, unknown>)[property];
  }
  return undefined;
}

/** Fails where an attribute's header does not fit, or its length is wrong. @internal */
export function failLength(bytes: Uint8Array, at: number, left: number): never {
  if (left < 4) throw new DecodeFault(`attribute header: expected 4 bytes, got ${left}`, at);
  throw new DecodeFault(`attribute: expected a length from 4 to ${left}, got ${halfAt(bytes, at)}`, at);
}

/** Fails where nests lie too deep in each other. @internal */
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
