/**
 * Returns the object with a method `toJSON` that is not enumerable, so that `JSON.stringify` accepts its bigints: those up to
 * 2^53 - 1 as numbers, others as text.
 *
 * @internal
 */
export function withJson<T extends object>(object: T): T {
  return Object.defineProperty(object, 'toJSON', { value: toJson });
}

function toJson(this: object): unknown {
  return Object.fromEntries(Object.entries(this).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= -LARGEST && value <= LARGEST ? Number(value) : String(value);
  return value;
}

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);
