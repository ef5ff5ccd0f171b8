import { EncodeError } from '../../errors/index.js';
import { isBytes } from '../../wire/internal.js';
import type { EncodeContext } from '../codec/encode-context.js';
import type { ValueSchema } from '../descriptor/descriptor.js';
import { rememberSecret, secretText } from '../value/secret.js';

/** Returns true for values that errors must not show: secrets, and keys in base64, which callers easily confuse with each other. */
function isHidden({ secret, hint }: ValueSchema): boolean {
  return secret === true || hint === 'base64';
}

/**
 * Wraps the writer of an attribute or a member so that its errors show no secret: they contain the length and the expected form.
 *
 * @param at - Returns the value from the arguments after the context.
 * @param write - The writer.
 * @returns `write` itself for anything that is not secret.
 * @internal
 */
export function withoutValue<Rest extends readonly unknown[]>(
  schema: ValueSchema & { readonly multi?: true },
  at: (rest: Rest) => unknown,
  write: (context: EncodeContext, ...rest: Rest) => void,
): (context: EncodeContext, ...rest: Rest) => void {
  if (!isHidden(schema)) return write;
  const expected = expectation(schema);
  return (context, ...rest) => {
    const value = at(rest);
    if (schema.secret === true) remember(value);
    const depth = context.path.length;
    try {
      write(context, ...rest);
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      context.path.length = depth;
      context.fail(`${secretText(value)} cannot be written; expected ${expected}`);
    }
  };
}

function remember(value: unknown): void {
  if (isBytes(value)) rememberSecret(value);
  else if (Array.isArray(value)) value.forEach(remember);
}

/** Describes the expected value: `32 bytes, or their base64 text of 44 characters`. */
function expectation({ type, hint, checks = {}, multi }: ValueSchema & { readonly multi?: true }): string {
  const { exactLength, minLength, maxLength } = checks;
  const size =
    exactLength !== undefined
      ? `${exactLength} `
      : [
          ...(minLength === undefined ? [] : [`at least ${minLength} `]),
          ...(maxLength === undefined ? [] : [`at most ${maxLength} `]),
        ].join('and ');
  const unit = type === 'binary' ? 'bytes' : type === 'string' ? 'bytes of text' : `a number (${type})`;
  const text =
    hint !== 'base64' ? '' : `, or their base64 text${exactLength === undefined ? '' : ` of ${4 * Math.ceil(exactLength / 3)} characters`}`;
  return `${multi === true ? 'an array of ' : ''}${size}${unit}${text}`;
}
