import { EncodeError } from '../errors/index.js';

// Declared here because this room compiles without the types of Node and of the browser; both provide these classes.
declare const TextDecoder: new (label: 'utf-8', options: { ignoreBOM: true }) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The longest text that a loop decodes faster than TextDecoder; names and messages of the kernel are short and ASCII. */
const SHORT = 32;

/**
 * Decodes C text: UTF-8, without the NULs at its end.
 *
 * Invalid UTF-8 (Linux accepts any bytes in an interface name) becomes U+FFFD; compare the bytes to distinguish such names.
 *
 * @param bytes - The array that holds the text.
 * @param start - Its first byte; 0 if omitted.
 * @param end - The offset after its last byte; the end of `bytes` if omitted.
 * @public
 */
export function decodeText(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let stop = end;
  while (stop > start && bytes[stop - 1] === 0) stop--;
  if (stop - start > SHORT) return decoder.decode(bytes.subarray(start, stop));
  let text = '';
  for (let index = start; index < stop; index++) {
    const byte = bytes[index]!;
    if (byte >= 0x80) return decoder.decode(bytes.subarray(start, stop));
    text += String.fromCharCode(byte);
  }
  return text;
}

/**
 * Encodes C text: UTF-8, terminated by one NUL.
 *
 * @throws {@link EncodeError} if it is not a string, or has half of a surrogate pair, which UTF-8 cannot represent.
 * @public
 */
export function encodeText(text: string): Uint8Array {
  return encodeTextAt(text, () => '');
}

/** Encodes C text as {@link encodeText}; errors name the path. @internal */
export function encodeTextAt(text: string, path: () => string): Uint8Array {
  if (typeof text !== 'string') throw new EncodeError(`${String(text)} is not a string`, path());
  if (/\p{Surrogate}/u.test(text)) throw new EncodeError(`${JSON.stringify(text)} has half of a surrogate pair`, path());
  const encoded = encoder.encode(text);
  const bytes = new Uint8Array(encoded.length + 1);
  bytes.set(encoded);
  return bytes;
}
