import { parseBase64 } from './base64.js';
import { Tag } from './encode-value.js';
import { Indexes } from './indexes.js';
import { Unknown, type UnknownAttribute } from './unknown.js';

/** The nesting that values of families stay below. */
const DEPTH_LIMIT = 64;

/**
 * Reads JSON that {@link encodeValue} has written.
 *
 * The text may come from another machine: no name in it changes a prototype, and its nesting is limited. Nothing checks that the value is
 * one of a certain family.
 *
 * @throws SyntaxError if the text is not JSON.
 * @throws TypeError if it contains a name with `$` that `encodeValue` does not write, or if it is nested more than 64 deep.
 * @public
 */
export function decodeValue(text: string): unknown {
  return whole(JSON.parse(text), 0);
}

/**
 * Does the same for a part of a text that `JSON.parse` has read.
 *
 * @param limit - The nesting of the part; at most 64.
 * @internal
 */
export function decodeParsed(value: unknown, limit: number): unknown {
  return whole(value, DEPTH_LIMIT - limit);
}

function whole(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_LIMIT) throw new TypeError('decodeValue: the value is nested too deep');
  if (Array.isArray(value)) return value.map((element) => whole(element, depth + 1));
  const names = Object.keys(value);
  return names[0]?.startsWith('$') === true ? tagged(value, names, depth) : wholeObject(value, names, depth);
}

/** Reads an object whose first name begins with `$`: it stands for another value, or its names are escaped. */
function tagged(value: object, names: readonly string[], depth: number): unknown {
  const { [Tag.BigInt]: digits, [Tag.Bytes]: bytes, [Tag.Indexes]: indexes, [Tag.Elements]: elements } = value as Record<string, unknown>;
  switch (names.join()) {
    case Tag.BigInt:
      if (typeof digits !== 'string' || !/^-?\d{1,1024}$/.test(digits)) throw invalid(Tag.BigInt, 'digits');
      return BigInt(digits);
    case Tag.Bytes:
      return bytesOf(bytes, Tag.Bytes);
    case `${Tag.Indexes},${Tag.Elements}`:
      if (!isNumbers(indexes) || !Array.isArray(elements) || indexes.length !== elements.length)
        throw invalid(Tag.Indexes, 'as many numbers as elements');
      return Object.defineProperty(whole(elements, depth), Indexes, { value: indexes, writable: true, configurable: true });
    default:
      return wholeObject(value, names, depth);
  }
}

function wholeObject(value: object, names: readonly string[], depth: number): object {
  const result: { [Unknown]?: readonly UnknownAttribute[] } = {};
  for (const name of names) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (name === Tag.Unknown) result[Unknown] = unknownOf(member);
    else if (name.startsWith('$') && !name.startsWith('$$')) throw new TypeError(`decodeValue: unknown name '${name}'`);
    else setOwn(result, name.startsWith('$') ? name.slice(1) : name, whole(member, depth + 1));
  }
  return result;
}

/** Sets a property of the object itself: an assignment to `__proto__` would change its prototype. */
function setOwn(object: object, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else (object as Record<string, unknown>)[name] = value;
}

function unknownOf(list: unknown): readonly UnknownAttribute[] {
  if (!Array.isArray(list)) throw invalid(Tag.Unknown, 'a list');
  return list.map((entry: unknown) => {
    const [type, flags, payload] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (!isNumbers([type, flags])) throw invalid(Tag.Unknown, '[type, flags, bytes] each');
    return { type: type as number, flags: flags as number, payload: bytesOf(payload, Tag.Unknown) };
  });
}

function bytesOf(text: unknown, tag: string): Uint8Array {
  const bytes = typeof text === 'string' ? parseBase64(text) : undefined;
  if (bytes === undefined) throw invalid(tag, 'Base64');
  return bytes;
}

function isNumbers(list: unknown): list is readonly number[] {
  return Array.isArray(list) && list.every((item) => typeof item === 'number');
}

function invalid(tag: string, expected: string): TypeError {
  return new TypeError(`decodeValue: ${tag}: expected ${expected}`);
}
