/**
 * Returns counters that JSON can write: `JSON.stringify` writes those over 2^53 - 1 as text, others as numbers.
 *
 * @internal
 */
export function countersOf<T extends { readonly [K in keyof T]: bigint | number }>(counters: T): Readonly<T> {
  return Object.defineProperty({ ...counters }, 'toJSON', { value: toJson });
}

function toJson(this: Readonly<Record<string, bigint | number>>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(this).map(([name, value]) => [name, value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value)]),
  );
}
