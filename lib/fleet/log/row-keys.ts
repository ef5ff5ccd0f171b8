const keys = new WeakMap<object, string>();

/** Notes the key that the agent has given to a row. @internal */
export function noteKey(row: object, key: string): void {
  keys.set(row, key);
}

/**
 * Returns the key of a row of a fleet: a text that stays the same as long as the row exists on its host, and that no other row of the table
 * and the host has.
 *
 * @throws TypeError if the row is not one that a fleet has emitted: a copy has no key.
 * @internal
 */
export function rowKey(row: object): string {
  const key = keys.get(row);
  if (key === undefined) throw new TypeError('fleet: keyOf: the row was not emitted by a fleet; a copy of a row has no key');
  return key;
}
