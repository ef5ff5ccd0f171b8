import { EncodeError } from '../errors/index.js';

// Declared here because this room compiles without the types of Node and of the browser; both have them.
declare const TextDecoder: new (label: 'utf-8', options: { ignoreBOM: true }) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Names and messages of the kernel are short and ASCII: below this length a loop beats the decoder. */
const SHORT = 32;

/**
 * Reads text as C writes it: UTF-8, all NULs at its end dropped.
 *
 * Bytes that are no UTF-8 (Linux lets an interface name be anything) become U+FFFD; read the bytes to tell such names apart.
 *
 * @param bytes - Where the text lies.
 * @param start - Its first byte; 0 where left out.
 * @param end - The byte after its last; the end of `bytes` where left out.
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
 * Writes text as C reads it: UTF-8 with one NUL behind it.
 *
 * @throws {@link EncodeError} if it is no text, or holds half a surrogate pair, which UTF-8 has no bytes for.
 * @public
 */
export function encodeText(text: string): Uint8Array {
  return encodeTextAt(text, () => '');
}

/** The same, for somebody who knows the place that an error ought to name. @internal */
export function encodeTextAt(text: string, path: () => string): Uint8Array {
  if (typeof text !== 'string') throw new EncodeError(`${String(text)} is not a string`, path());
  if (/\p{Surrogate}/u.test(text)) throw new EncodeError(`${JSON.stringify(text)} has half of a surrogate pair`, path());
  const encoded = encoder.encode(text);
  const bytes = new Uint8Array(encoded.length + 1);
  bytes.set(encoded);
  return bytes;
}
