import { hostIsLittleEndian } from '../../../wire/index.js';
import { halfAt, signed64, swapWord, swappedHalfAt, unsigned64, wordAt } from '../decode-primitives.js';
import type { EnumNames } from '../enum-names.js';
import type { MemberPlace } from '../kind.js';
import { type SourceText, integer } from '../source-text.js';
import type { IntegerShape } from './integer-shape.js';

/** The position of an integer, as source. @internal */
export interface Place {
  /** Its byte offset. */
  readonly byte: string;
  /** The index of its word, if the whole word may be read; undefined: the source reads bytes. */
  readonly word?: string | undefined;
  /** The byte of that word at which the integer starts; 0 for whole words. */
  readonly inWord?: number;
}

/** Writes the expression that reads an integer. @internal */
export function integerSource(text: SourceText, shape: IntegerShape, place: Place): string {
  return nameSource(text, shape.names, valueSource(text, shape, place));
}

/** Writes the expression that reads an integer in a struct. @internal */
export function memberIntegerSource(text: SourceText, shape: IntegerShape, { byte, offset, structSize, aligned }: MemberPlace): string {
  // The last word may extend beyond the struct, and so beyond the frame.
  const inWord = offset & 3;
  const fits = aligned && inWord % shape.width === 0 && (offset | 3) < structSize && (shape.width < 8 || inWord === 0);
  return integerSource(text, shape, fits ? { byte, word: `q + ${integer(offset >> 2)}`, inWord } : { byte });
}

/** Writes the expression that replaces a number by its name, if it has one. @internal */
export function nameSource(text: SourceText, names: EnumNames | undefined, value: string): string {
  if (names === undefined) return value;
  if (names.table === undefined) return `${text.constant(names)}.show(${value})`;
  const local = text.local();
  text.line(`let ${local};`);
  return `(${text.constant(names.table)}[${local} = ${value}] ?? ${local})`;
}

function valueSource(text: SourceText, { width, signed, swapped }: IntegerShape, { byte, word, inWord = 0 }: Place): string {
  if (width === 8) return longSource(text, signed, swapped, { byte, word });
  if (width === 4) {
    const plain = word === undefined ? `${text.constant(wordAt)}(bytes, ${byte})` : `words[${word}]`;
    const value = swapped ? `${text.constant(swapWord)}(${plain})` : plain;
    return signed ? `(${value} | 0)` : value;
  }
  const unsigned = width === 1 ? byteSource(byte, word, inWord) : halfSource(text, swapped, byte, word, inWord);
  const unused = 32 - 8 * width;
  return signed ? `(${unsigned} << ${unused} >> ${unused})` : unsigned;
}

function byteSource(byte: string, word: string | undefined, inWord: number): string {
  if (word === undefined) return `bytes[${byte}]`;
  return `(words[${word}] >>> ${hostIsLittleEndian ? 8 * inWord : 24 - 8 * inWord} & 0xff)`;
}

function halfSource(text: SourceText, swapped: boolean, byte: string, word: string | undefined, inWord: number): string {
  if (word === undefined || swapped) return `${text.constant(swapped ? swappedHalfAt : halfAt)}(bytes, ${byte})`;
  return `(words[${word}] >>> ${hostIsLittleEndian ? 8 * inWord : 16 - 8 * inWord} & 0xffff)`;
}

function longSource(text: SourceText, signed: boolean, swapped: boolean, { byte, word }: Place): string {
  const join = text.constant(signed ? signed64 : unsigned64);
  const at = text.constant(wordAt);
  const first = word === undefined ? `${at}(bytes, ${byte})` : `words[${word}]`;
  const second = word === undefined ? `${at}(bytes, ${byte} + 4)` : `words[${word} + 1]`;
  if (!swapped) return `${join}(${first}, ${second})`;
  const swap = text.constant(swapWord);
  return `${join}(${swap}(${second}), ${swap}(${first}))`;
}
