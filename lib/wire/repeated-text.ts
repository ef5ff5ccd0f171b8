import { decodeText } from './text.js';

/*
 * Names repeat in dumps and events: interfaces, tables, algorithms. A direct-mapped table holds the latest ASCII text of each slot, so rows
 * share one string, which the garbage collector copies once. Its size is fixed, and a result never depends on earlier calls.
 */
const SLOTS = 256;
const texts: string[] = new Array<string>(SLOTS).fill('');

/** The longest text in the table. */
const LIMIT = 32;

/** Decodes C text as {@link decodeText}; equal short texts are one string. Not for secrets: the table keeps them. @internal */
export function decodeRepeatedText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > LIMIT) return decodeText(bytes, start, end);
  let hash = end - start;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, 0x0100_0193);
  const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
  const known = texts[slot]!;
  return isText(known, bytes, start, end) ? known : (texts[slot] = decodeText(bytes, start, end));
}

/** Returns true if the bytes are the characters of a text; false for any text that is not ASCII. */
function isText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit !== bytes[start + index] || unit >= 0x80) return false;
  }
  return true;
}
