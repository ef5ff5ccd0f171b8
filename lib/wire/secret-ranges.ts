import { HEX_PAIRS } from './hex-pairs.js';

/** A range of bytes from `start` up to, but without, `end`. @public */
export type ByteRange = readonly [start: number, end: number];

/** A function that returns the key material in a message, in bytes from its header. @internal */
export type SecretFinder<Message> = (message: Message) => readonly ByteRange[];

const finders = new WeakMap<object, SecretFinder<never>>();

/**
 * Registers a finder of the key material in a message, so that traces and logs hide these bytes. It is called only when the message is printed.
 *
 * @internal
 */
export function declareSecrets<Message extends object>(message: Message, find: SecretFinder<Message>): void {
  finders.set(message, find);
}

/** Returns the key material in a message, by the finder of this message or of a similar one; empty if no finder is registered. @internal */
export function secretsIn<Message extends object>(message: Message, like: Message = message): readonly ByteRange[] {
  return (finders.get(like) as SecretFinder<Message> | undefined)?.(message) ?? [];
}

/** Tests whether an offset is in one of the ranges. @internal */
export function isWithin(offset: number, ranges: readonly ByteRange[]): boolean {
  return ranges.some(([start, end]) => start <= offset && offset < end);
}

/**
 * Prints bytes as hex digits, and those in the ranges as `**`.
 *
 * @param offset - Offset of the first byte, in the same count as the ranges.
 * @internal
 */
export function hiddenHex(bytes: Uint8Array, offset: number, ranges: readonly ByteRange[], separator = ''): string {
  const pairs = Array.from(bytes, (byte, at) => (isWithin(offset + at, ranges) ? '**' : HEX_PAIRS[byte]!));
  return pairs.join(separator);
}
