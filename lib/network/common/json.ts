/**
 * Returns the object with a method `toJSON` that is not enumerable, so that `JSON.stringify` accepts its bigints: those up to
 * 2^53 - 1 as numbers, others as text; also those inside of its plain objects and arrays.
 *
 * @internal
 */
export function withJson<T extends object>(object: T): T {
  return Object.defineProperty(object, 'toJSON', { value: toJson });
}

/** Returns attributes in the engine's words as a copy that `JSON.stringify` accepts: some of them are bigints. @internal */
export function engineWords<T extends object>(attributes: T): T {
  return withJson({ ...attributes });
}

function toJson(this: object): unknown {
  return plainEntries(this);
}

function plainEntries(object: object): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= -LARGEST && value <= LARGEST ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plainValue);
  return isPlain(value) ? plainEntries(value) : value;
}

/** Returns false for bytes and other instances of classes, and for objects that have a `toJSON` of their own. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, 'toJSON')) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);
