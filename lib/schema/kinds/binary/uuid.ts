import { linkAddressText } from '../../../wire/index.js';
import { parsedEncoder } from '../../codec/encode-bytes.js';
import { isPlain } from '../../codec/encode-context.js';
import type { ValueCodec } from '../../codec/kind.js';

/** A UUID: text, or its 16 bytes. @internal */
export const uuid: ValueCodec = {
  decode: () => (_words, bytes, start, end) => read(bytes, start, end),

  encode: (_encoders, { checks }) =>
    parsedEncoder('a UUID', checks, (value) => {
      if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return undefined;
      return Uint8Array.from(value.replaceAll('-', '').match(/../g)!, (pair) => Number.parseInt(pair, 16));
    }),
  accepts: isPlain,
};

function read(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start !== 16) return undefined;
  const hex = linkAddressText(bytes, start, 16).replaceAll(':', '');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
