/**
 * Tells whether something is a view of bytes.
 *
 * Asked in this way, for a test runner's bytes may come from another realm.
 *
 * @internal
 */
export function isBytes(value: unknown): value is Uint8Array {
  return (value as Partial<Uint8Array> | null | undefined)?.BYTES_PER_ELEMENT === 1;
}

/** Names what was given instead of bytes, without its contents: they may be a key. @internal */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'a string';
  if (Array.isArray(value)) return 'an array';
  return ArrayBuffer.isView(value) ? `an object of class ${value.constructor.name}` : String(value);
}
