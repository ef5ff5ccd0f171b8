import { alignLength, hostIsLittleEndian } from '../../wire/index.js';
import { BoundedMap } from './bounded-map.js';

/** The length of a message, and the header of each of its attributes: lengths and numbers without the values. @internal */
export interface Form {
  /** Bytes from the start of the body to its end. */
  readonly length: number;
  readonly attributes: readonly AttributeHead[];
}

/** The header of an attribute. @internal */
export interface AttributeHead {
  /** Bytes from the start of the body. */
  readonly offset: number;
  /** The header as a word in the host's order. */
  readonly word: number;
  readonly length: number;
  readonly type: number;
}

/**
 * A decoder of bodies in one form. It returns undefined for other bodies. After a value that does not fit it does so for all, and counts nothing.
 *
 * @internal
 */
export type FormDecoder = (words: Uint32Array, bytes: Uint8Array, start: number, end: number, depth: number) => object | undefined;

/** Makes the decoder of a form; returns undefined if the form has none. @internal */
export type FormCompiler = (form: Form) => FormDecoder | undefined;

/** One of so many bodies is looked at. The number is odd: bodies of two forms may alternate. @internal */
export const SAMPLED = 61;

/** A form is compiled when it has been found so many times. It pays in long lists; a short program would only compile more. @internal */
export const USUAL = 256;

/** Each form that is compiled costs the others a comparison. @internal */
export const MOST_FORMS = 4;

const MOST_CANDIDATES = 16;

/** The most attributes of a form: the source of a longer one would be larger than that of the loop over the attributes. */
const MOST_ATTRIBUTES = 32;

interface Candidate {
  found: number;
}

/**
 * Finds the forms that bodies of a decoder usually have, and compiles a decoder for the first few of them.
 *
 * @internal
 */
export class UsualForms {
  readonly #counter: { kept: number };
  readonly #compile: FormCompiler;
  readonly #candidates = new BoundedMap<string, Candidate>(MOST_CANDIDATES);
  #compiled = 0;

  /** @param counter - Counts the attributes that decoders have kept as bytes. */
  constructor(counter: { kept: number }, compile: FormCompiler) {
    this.#counter = counter;
    this.#compile = compile;
  }

  /**
   * Looks at a body that the general decoder has decoded.
   *
   * @param first - The offset of the first attribute in the frame, as `start` and `end` are.
   * @returns The decoder of its form, if that has just become a usual one.
   */
  sample(words: Uint32Array, bytes: Uint8Array, start: number, first: number, end: number): FormDecoder | undefined {
    if (this.#compiled >= MOST_FORMS) return undefined;
    const form = formOf(words, start, first, end);
    if (form.attributes.length > MOST_ATTRIBUTES) return undefined;
    const key = `${form.length} ${form.attributes.map(({ word }) => word).join(' ')}`;
    const candidate = this.#candidates.get(key, () => ({ found: 0 }));
    if (++candidate.found !== USUAL) return undefined;
    const decode = this.#compile(form);
    if (decode === undefined) return undefined;
    // Before the attempt: a body may contain itself, and its forms are counted as well.
    this.#compiled++;
    const { kept } = this.#counter;
    const row = decode(words, bytes, start, end, 0);
    // This body has been counted.
    this.#counter.kept = kept;
    if (row !== undefined) return decode;
    this.#compiled--;
    return undefined;
  }
}

function formOf(words: Uint32Array, start: number, first: number, end: number): Form {
  const attributes: AttributeHead[] = [];
  for (let at = first; at < end && attributes.length <= MOST_ATTRIBUTES;) {
    const word = words[at >> 2]!;
    const [length, type] = hostIsLittleEndian ? [word & 0xffff, (word >>> 16) & 0x3fff] : [word >>> 16, word & 0x3fff];
    attributes.push({ offset: at - start, word, length, type });
    at += alignLength(length);
  }
  return { length: end - start, attributes };
}
