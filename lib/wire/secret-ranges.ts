/** Bytes from `start` up to, and without, `end`. @public */
export type ByteRange = readonly [start: number, end: number];

/** Finds the key material in a message, in bytes from its header. @internal */
export type SecretFinder<Message> = (message: Message) => readonly ByteRange[];

const finders = new WeakMap<object, SecretFinder<never>>();

/**
 * Remembers how to find the key material in a message: traces and logs then hide these bytes. Nothing is searched before it is printed.
 *
 * @internal
 */
export function declareSecrets<Message extends object>(message: Message, find: SecretFinder<Message>): void {
  finders.set(message, find);
}

/** Finds the key material in a message, or in another one like it; none if nobody declared any. @internal */
export function secretsIn<Message extends object>(message: Message, like: Message = message): readonly ByteRange[] {
  return (finders.get(like) as SecretFinder<Message> | undefined)?.(message) ?? [];
}

/** Tells whether the byte at an offset lies in one of some ranges. @internal */
export function isWithin(offset: number, ranges: readonly ByteRange[]): boolean {
  return ranges.some(([start, end]) => start <= offset && offset < end);
}

/**
 * Writes bytes as hex digits, and those in some ranges as `**`.
 *
 * @param offset - Where the bytes start, counted as the ranges are.
 * @internal
 */
export function hiddenHex(bytes: Uint8Array, offset: number, ranges: readonly ByteRange[], separator = ''): string {
  const pairs = Array.from(bytes, (byte, at) => (isWithin(offset + at, ranges) ? '**' : byte.toString(16).padStart(2, '0')));
  return pairs.join(separator);
}
