import { isBytes, kindOf } from '../../../wire/internal.js';
import { detach } from '../../codec/decode-primitives.js';
import { checkLength } from '../../codec/encode-bytes.js';
import { isPlain } from '../../codec/encode-context.js';
import type { ValueCodec } from '../../codec/kind.js';
import { detachSecret } from '../../value/secret.js';
import { parseBase64 } from '../../value/base64.js';

/** Bytes; with the hint `base64` their text is accepted as well. @internal */
export const bytes: ValueCodec = {
  decode: (_backEnd, { secret }) =>
    secret === true
      ? (_words, frame, start, end) => detachSecret(frame, start, end)
      : (_words, frame, start, end) => detach(frame, start, end),

  encode(_encoders, { checks, hint }) {
    const base64 = hint === 'base64';
    return (context, given) => {
      const value = base64 && typeof given === 'string' ? (parseBase64(given) ?? given) : given;
      if (!isBytes(value)) return context.fail(`${kindOf(value)} is not a Uint8Array`);
      checkLength(context, value.byteLength, checks, 'bytes');
      context.writer.write(value);
    };
  },
  accepts: isPlain,
};
