import { base64Text } from './base64.js';
import { Indexes } from './indexes.js';
import { isConcealed, isSecret } from './secret.js';
import { Unknown, type UnknownAttribute } from './unknown.js';

/** Options of {@link encodeValue}. @public */
export interface EncodeValueOptions {
  /**
   * Writes key material as any other value. Without it, properties with key material are omitted.
   * @defaultValue false
   */
  readonly secrets?: boolean;
}

/**
 * The names of objects that stand for a value which JSON does not have. Names of properties that begin with `$` get another `$`.
 *
 * @internal
 */
export const Tag = {
  /** A bigint: its digits. */
  BigInt: '$n',
  /** Bytes: in Base64. */
  Bytes: '$b',
  /** The indexes of an array, whose elements are `$a`. */
  Indexes: '$i',
  Elements: '$a',
  /** The attributes under {@link Unknown}: `[type, flags, bytes in Base64]` each. */
  Unknown: '$u',
} as const;

/**
 * Writes a value of a typed family as JSON that {@link decodeValue} reads back without loss: to store it, or to send it to another
 * machine.
 *
 * Other programs can read the text too. A bigint is `{"$n":"18446744073709551615"}`, bytes are `{"$b":"3q2+7w=="}` (Base64), an array
 * with {@link Indexes} is `{"$i":[0,2],"$a":[...]}`, and {@link Unknown} attributes are `"$u":[[type,flags,"Base64"]]` in their object.
 * A property whose name begins with `$` has one `$` more.
 *
 * Properties with key material are omitted: those that were decoded from a secret attribute, and bytes that were written into one.
 * Copies of such bytes, and text of the program, are not known to be secret.
 *
 * @param value - A decoded value, or anything made of the same parts: text, numbers, booleans, null, bigints, bytes, arrays, objects.
 * @returns JSON text on one line. Properties that are undefined are omitted.
 * @throws TypeError for anything else, for a number that is not finite, and for key material that is an element of an array.
 * @public
 */
export function encodeValue(value: unknown, { secrets = false }: EncodeValueOptions = {}): string {
  return JSON.stringify(plain(value, secrets, ''));
}

function plain(value: unknown, secrets: boolean, path: string): unknown {
  switch (typeof value) {
    case 'bigint':
      return { [Tag.BigInt]: String(value) };
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`encodeValue: ${path}: ${String(value)} has no form in JSON`);
      // JSON.stringify writes 0 for it.
      if (Object.is(value, -0)) throw new TypeError(`encodeValue: ${path}: -0 has no form in JSON`);
      return value;
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : plainObject(value, secrets, path);
    default:
      throw new TypeError(`encodeValue: ${path}: a value of type ${typeof value} cannot be written`);
  }
}

function plainObject(value: object, secrets: boolean, path: string): unknown {
  if (isSecret(value) && !secrets) throw new TypeError(`encodeValue: ${path}: key material is written with the option secrets only`);
  if (value instanceof Uint8Array) return { [Tag.Bytes]: base64Text(value) };
  if (Array.isArray(value)) return plainArray(value, secrets, path);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`encodeValue: ${path}: an object of a class cannot be written`);
  const result: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || (!secrets && (isSecret(member) || isConcealed(value, name)))) continue;
    result.push([name.startsWith('$') ? `$${name}` : name, plain(member, secrets, `${path}.${name}`)]);
  }
  const unknown = (value as { readonly [Unknown]?: readonly UnknownAttribute[] })[Unknown];
  if (unknown !== undefined) {
    const attributes = unknown.filter(({ payload }) => secrets || !isSecret(payload));
    result.push([Tag.Unknown, attributes.map(({ type, flags, payload }) => [type, flags, base64Text(payload)])]);
  }
  // A property of the name `__proto__` stays a property.
  return Object.fromEntries(result);
}

function plainArray(list: readonly unknown[], secrets: boolean, path: string): unknown {
  const elements = Array.from(list, (element, at) => plain(element, secrets, `${path}[${at}]`));
  const indexes = (list as { readonly [Indexes]?: readonly number[] })[Indexes];
  return indexes === undefined ? elements : { [Tag.Indexes]: indexes, [Tag.Elements]: elements };
}
