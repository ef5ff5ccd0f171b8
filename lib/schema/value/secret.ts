/** The key of the method with which an object prints itself in `util.inspect` of Node, and so in `console.log`. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const secrets = new WeakSet<object>();
const properties = new WeakMap<object, Set<string>>();

/**
 * Describes a secret value by its size alone: `<secret, 32 bytes>`.
 *
 * @internal
 */
export function secretText(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `<secret, ${value.byteLength} bytes>`;
  return typeof value === 'string' ? `<secret, ${value.length} characters>` : '<secret>';
}

/**
 * Returns true for key material: bytes that were decoded from, or written into, a secret attribute.
 *
 * @internal
 */
export function isSecret(value: unknown): value is Uint8Array {
  return typeof value === 'object' && value !== null && secrets.has(value);
}

/**
 * Marks the caller's bytes as a secret without changing the object.
 *
 * @internal
 */
export function rememberSecret(bytes: Uint8Array): void {
  secrets.add(bytes);
}

/**
 * Copies bytes and marks the copy as a secret.
 *
 * A copy of the copy (`slice`, `structuredClone`) is no longer marked.
 *
 * @internal
 */
export function detachSecret(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const detached = new Uint8Array(bytes.subarray(start, end));
  concealBytes(detached);
  return detached;
}

/**
 * Marks bytes as a secret, so that texts show only their length.
 *
 * They remain a plain `Uint8Array`. Properties that are not enumerable, so that comparisons ignore them, change the output of
 * `console.log`, `String()` and `JSON.stringify`.
 *
 * @internal
 */
export function concealBytes(bytes: Uint8Array): void {
  const text = secretText(bytes);
  for (const key of [INSPECT, 'toJSON', 'toString', 'toLocaleString']) {
    Object.defineProperty(bytes, key, { value: () => text, configurable: true });
  }
  secrets.add(bytes);
}

/**
 * Marks a property of a decoded object as a secret, because numbers and text cannot carry a mark.
 *
 * @internal
 */
export function concealProperty(object: object, property: string): void {
  const known = properties.get(object);
  if (known !== undefined) {
    known.add(property);
    return;
  }
  properties.set(object, new Set([property]));
  const shown = (): object => ({
    ...object,
    ...Object.fromEntries([...properties.get(object)!].map((name) => [name, secretText(undefined)])),
  });
  for (const key of [INSPECT, 'toJSON']) Object.defineProperty(object, key, { value: shown });
}

/** Returns true if a property of an object was marked with {@link concealProperty}. @internal */
export function hasConcealed(object: object): boolean {
  return properties.has(object);
}

/** Returns true if this property was marked with {@link concealProperty}. @internal */
export function isConcealed(object: object, property: string): boolean {
  return properties.get(object)?.has(property) === true;
}
