import { decodeText, encodeText } from '../../wire/index.js';
import { decodeRepeatedText } from '../../wire/internal.js';
import { checkLength } from '../codec/encode-bytes.js';
import { isPlain, show } from '../codec/encode-context.js';
import type { Kind } from '../codec/kind.js';
import type { ValueFields } from '../codec/value-fields.js';

/** Text up to the first NUL; written with one (`unterminatedOk`: the kernel may omit it). @internal */
export const string: Kind = {
  fields: ['scalar'],
  policyTypes: ['string', 'nul-string'],
  typeText: () => 'string',
  decode: (_backEnd, value) => {
    const read = readerOf(value);
    return (_words, bytes, start, end) => read(bytes, start, end);
  },
  source: (context, value) => ({ fits: true, value: `${context.text.constant(readerOf(value))}(bytes, p + 4, p + length)` }),

  encode(_encoders, { checks }) {
    return (context, value) => {
      if (typeof value !== 'string') return context.fail(`${show(value)} is not a string`);
      if (value.includes('\0')) return context.fail('a NUL would end the string');
      if (/\p{Surrogate}/u.test(value)) return context.fail(`${show(value)} has half of a surrogate pair`);
      const encoded = encodeText(value);
      const length = encoded.byteLength - 1;
      checkLength(context, length, checks, 'bytes of text');
      const bare = checks?.unterminatedOk === true && length === checks.maxLength;
      context.writer.write(bare ? encoded.subarray(0, length) : encoded);
    };
  },
  accepts: isPlain,
  isSelector: true,
};

type TextReader = (bytes: Uint8Array, start: number, end: number) => string;

function readerOf({ secret }: ValueFields): TextReader {
  return secret === true ? secretText : text;
}

/** Reads text up to its first NUL, as C does. */
const text: TextReader = (bytes, start, end) => decodeRepeatedText(bytes, start, stopOf(bytes, start, end));

/** Reads such a text that no table may keep. */
const secretText: TextReader = (bytes, start, end) => decodeText(bytes, start, stopOf(bytes, start, end));

function stopOf(bytes: Uint8Array, start: number, end: number): number {
  let stop = start;
  while (stop < end && bytes[stop] !== 0) stop++;
  return stop;
}
