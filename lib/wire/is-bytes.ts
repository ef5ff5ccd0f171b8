/**
 * Tests whether a value is a view of bytes.
 *
 * `instanceof` alone would fail for bytes from another realm, as test runners create them. V8 has fast code for it, and none for a constant of
 * the prototype. An object of JSON may have the same properties.
 *
 * @internal
 */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || (ArrayBuffer.isView(value) && (value as Partial<Uint8Array>).BYTES_PER_ELEMENT === 1);
}

/** Names the type of a value where bytes, an object or an array are expected. It omits the contents of text, because they may be a key. @internal */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return 'an array';
  if (ArrayBuffer.isView(value)) return `an object of class ${value.constructor.name}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
