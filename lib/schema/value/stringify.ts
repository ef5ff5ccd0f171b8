import { hasConcealed, isConcealed, isSecret, secretText } from './secret.js';
import { Unknown } from './unknown.js';

/** Options of {@link stringify}. @public */
export interface StringifyOptions {
  /**
   * Spaces a level; 0 prints everything on one line.
   * @defaultValue 0
   */
  readonly indent?: number;
  /**
   * Prints key material in full, as hex.
   * @defaultValue false
   */
  readonly secrets?: boolean;
}

/** The name under which {@link stringify} prints the attributes of {@link Unknown}. */
const UNKNOWN_NAME = '[unknown]';

/**
 * Prints any decoded value as JSON.
 *
 * `JSON.stringify` throws for a `bigint` and omits the attributes under {@link Unknown}. Here a `bigint` becomes a number with all its
 * digits (a parser that uses doubles rounds those above 2^53), bytes become hex text, and unknown attributes are printed under
 * `"[unknown]"`. Holes of an array become `null`, an error begins with its name and message, and an object with `toJSON()`, as
 * messages are, is replaced by the result.
 *
 * Of key material only the length is printed: values decoded from a secret attribute (a WireGuard private key), and bytes that were
 * written into one. Copies of such bytes, and text of the program, are not known to be secret.
 *
 * @param value - A value of any typed family, or anything made of the same parts.
 * @param options - A number is the indent.
 * @returns JSON text; `null` for `undefined`.
 *
 * @example One row a line
 * ```ts
 * link.dump('getlink').subscribe((row) => console.log(stringify(row)));
 * ```
 * @public
 */
export function stringify(value: unknown, options: number | StringifyOptions = {}): string {
  const { indent = 0, secrets = false } = typeof options === 'number' ? { indent: options } : options;
  return print(value, { indent, secrets }, indent === 0 ? '' : '\n');
}

function print(value: unknown, options: Required<StringifyOptions>, line: string): string {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : printObject(value, options, line);
    default:
      return 'null';
  }
}

function printObject(value: object, options: Required<StringifyOptions>, line: string): string {
  if (!options.secrets && isSecret(value)) return JSON.stringify(secretText(value));
  if (ArrayBuffer.isView(value)) return `"${hexText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}"`;
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function' && !hasConcealed(value)) return print(toJSON.call(value), options, line);
  const inner = line === '' ? '' : line + ' '.repeat(options.indent);
  if (Array.isArray(value)) {
    return enclose(
      '[',
      ']',
      Array.from(value as unknown[], (item) => print(item, options, inner)),
      inner,
      line,
    );
  }
  const colon = line === '' ? ':' : ': ';
  const members: string[] = [];
  // The name and the message of an error are not enumerable.
  const stated = value instanceof Error ? Object.entries({ name: value.name, message: value.message }) : [];
  for (const [name, member] of [...stated, ...Object.entries(value)]) {
    const shown: unknown = !options.secrets && isConcealed(value, name) ? secretText(undefined) : member;
    if (shown !== undefined) members.push(`${JSON.stringify(name)}${colon}${print(shown, options, inner)}`);
  }
  const unknown = (value as { [Unknown]?: unknown })[Unknown];
  if (unknown !== undefined) members.push(`"${UNKNOWN_NAME}"${colon}${print(unknown, options, inner)}`);
  return enclose('{', '}', members, inner, line);
}

function enclose(open: string, close: string, parts: readonly string[], inner: string, line: string): string {
  return parts.length === 0 ? open + close : `${open}${inner}${parts.join(`,${inner}`)}${line}${close}`;
}

function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
