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
