import { EncodeError } from '../../errors/index.js';
import { isBytes } from '../../wire/internal.js';
import { type EncodeContext, type ValueEncoder, show } from './encode-context.js';
import type { CheckSchema } from './value-fields.js';

/** Makes the encoder of a text that stands for bytes; the bytes themselves are accepted as well. @internal */
export function parsedEncoder(
  what: string,
  checks: CheckSchema | undefined,
  parse: (text: string) => Uint8Array | undefined,
): ValueEncoder {
  return (context, value) => {
    const bytes = isBytes(value) ? value : typeof value === 'string' ? tryParse(value, parse) : undefined;
    if (bytes === undefined) return context.fail(`${show(value)} is not ${what}`);
    checkLength(context, bytes.length, checks, 'bytes');
    context.writer.write(bytes);
  };
}

/** Parses a text; undefined if the parser rejects it. @internal */
export function tryParse(text: string, parse: (text: string) => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
}

/** Checks a length against the limits of a schema. @internal */
export function checkLength(context: EncodeContext, length: number, checks: CheckSchema | undefined, what: string): void {
  if (checks === undefined) return;
  const { exactLength, minLength, maxLength, lengths } = checks;
  if (exactLength !== undefined && length !== exactLength) context.fail(`expected ${exactLength} ${what}, got ${length}`);
  if (lengths?.includes(length) === false) context.fail(`expected ${lengths.join(' or ')} ${what}, got ${length}`);
  if (minLength !== undefined && length < minLength) context.fail(`expected at least ${minLength} ${what}, got ${length}`);
  if (maxLength !== undefined && length > maxLength) context.fail(`expected at most ${maxLength} ${what}, got ${length}`);
}
