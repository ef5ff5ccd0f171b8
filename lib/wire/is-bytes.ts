/**
 * Tests whether a value is a view of bytes.
 *
 * `instanceof` would fail for bytes from another realm, as test runners create them.
 *
 * @internal
 */
export function isBytes(value: unknown): value is Uint8Array {
  return (value as Partial<Uint8Array> | null | undefined)?.BYTES_PER_ELEMENT === 1;
}

/** Names the type of a value that is not bytes. It omits the contents, because they may be a key. @internal */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'a string';
  if (Array.isArray(value)) return 'an array';
  return ArrayBuffer.isView(value) ? `an object of class ${value.constructor.name}` : String(value);
}
