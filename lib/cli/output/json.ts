/** The largest integers that every reader of JSON keeps exact. */
const EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** Returns JSON in one line: bytes as hexadecimal digits, maps as objects, and integers beyond 2^53 - 1 as texts. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key: string, part: unknown) {
    // `part` of a Buffer is what its own `toJSON` returns.
    const given = this[key];
    if (given instanceof Uint8Array) return Buffer.from(given).toString('hex');
    if (part instanceof Map) return Object.fromEntries(part as Map<string, unknown>);
    if (typeof part !== 'bigint') return part;
    return part <= EXACT && part >= -EXACT ? Number(part) : String(part);
  });
}
