import { decodeText, encodeText } from '../../wire/index.js';
import { checkLength } from '../codec/encode-bytes.js';
import { isPlain, show } from '../codec/encode-context.js';
import type { Kind } from '../codec/kind.js';

/** Text up to the first NUL; written with one (`unterminatedOk`: the kernel may omit it). @internal */
export const string: Kind = {
  fields: ['scalar'],
  policyTypes: ['string', 'nul-string'],
  typeText: () => 'string',
  decode: () => (_words, bytes, start, end) => text(bytes, start, end),
  source: (context) => ({ fits: true, value: `${context.text.constant(text)}(bytes, p + 4, p + length)` }),

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

/** Reads text up to its first NUL, as C does. */
function text(bytes: Uint8Array, start: number, end: number): string {
  let stop = start;
  while (stop < end && bytes[stop] !== 0) stop++;
  return decodeText(bytes, start, stop);
}
