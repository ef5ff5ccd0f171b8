import { Unknown } from './unknown.js';

/** Under this name {@link stringify} shows what stands under {@link Unknown}. */
const UNKNOWN_NAME = '[unknown]';

/**
 * Prints any decoded value as JSON.
 *
 * `JSON.stringify` throws at a `bigint` and leaves out what stands under {@link Unknown}. Here a `bigint` becomes a number with
 * all its digits (a reader that keeps doubles rounds those above 2^53), bytes become hex text, unknown attributes stand under
 * `"[unknown]"`, holes of an array become `null`, an error begins with its name and message, and what has a `toJSON()`, as a
 * message has, becomes what that returns.
 *
 * @param value - A value of any typed family, or anything made of the same parts.
 * @param indent - Spaces a level; everything on one line where left out.
 * @returns JSON text; `null` for `undefined`.
 *
 * @example One row a line
 * ```ts
 * link.dump('getlink').subscribe((row) => console.log(stringify(row)));
 * ```
 * @public
 */
export function stringify(value: unknown, indent = 0): string {
  return print(value, indent, indent === 0 ? '' : '\n');
}

function print(value: unknown, indent: number, line: string): string {
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
      return value === null ? 'null' : printObject(value, indent, line);
    default:
      return 'null';
  }
}

function printObject(value: object, indent: number, line: string): string {
  if (ArrayBuffer.isView(value)) return `"${hexText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}"`;
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') return print(toJSON.call(value), indent, line);
  const inner = line === '' ? '' : line + ' '.repeat(indent);
  if (Array.isArray(value)) {
    return enclose(
      '[',
      ']',
      Array.from(value as unknown[], (item) => print(item, indent, inner)),
      inner,
      line,
    );
  }
  const colon = line === '' ? ':' : ': ';
  const members: string[] = [];
  // What an error says are no properties of its own that could be listed.
  const said = value instanceof Error ? Object.entries({ name: value.name, message: value.message }) : [];
  for (const [name, member] of [...said, ...Object.entries(value)]) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}${colon}${print(member, indent, inner)}`);
  }
  const unknown = (value as { [Unknown]?: unknown })[Unknown];
  if (unknown !== undefined) members.push(`"${UNKNOWN_NAME}"${colon}${print(unknown, indent, inner)}`);
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
