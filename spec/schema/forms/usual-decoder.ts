import type { FamilySchema, OperationSchema } from '../../../lib/schema/index.js';
import { compiledDecoders } from '../../../lib/schema/decode/compiled-decoders.js';
import { usualForms } from '../../../lib/schema/decode/compile-forms.js';
import { USUAL } from '../../../lib/schema/decode/usual-forms.js';
import { indexSchema } from '../../../lib/schema/descriptor/schema-index.js';
import { GENERIC_HEADER_SIZE, alignLength } from '../../../lib/wire/index.js';
import { Frame } from '../../../lib/wire/internal.js';

/** Decodes payloads of one form; it returns undefined for others. */
export interface UsualDecoder {
  (payload: Uint8Array): object | undefined;
  /** The counter of the attributes that were kept as bytes. */
  readonly counter: { readonly kept: number };
}

/**
 * Makes the decoder of the form that a payload has, as if many messages had it.
 *
 * @returns The decoder; undefined if the form has none.
 */
export function usualDecoder(schema: FamilySchema, operation: string, payload: Uint8Array): UsualDecoder | undefined {
  const index = indexSchema(schema);
  const { fixedHeader: header, set, variants }: OperationSchema = index.operation(operation)!;
  const counter = compiledDecoders(index);
  const forms = variants === undefined ? usualForms(counter, index, { header, set, open: true }) : undefined;
  if (forms === undefined) return undefined;
  const start = schema.generic === undefined ? 0 : GENERIC_HEADER_SIZE;
  const first = start + alignLength(header === undefined ? 0 : index.struct(header).size);
  const { words, bytes } = Frame.of(payload);
  const found = Array.from({ length: USUAL }, () => forms.sample(words, bytes, start, first, payload.length));
  const decode = found.at(-1);
  if (decode === undefined) return undefined;
  if (found.at(-2) !== undefined) throw new Error(`a form is compiled before it is found ${USUAL} times`);
  const read = (other: Uint8Array): object | undefined => {
    const frame = Frame.of(other);
    return decode(frame.words, frame.bytes, start, other.length, 0);
  };
  return Object.assign(read, { counter });
}
