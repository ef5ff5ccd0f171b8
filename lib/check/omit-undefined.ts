/** An object type whose properties that may be `undefined` are optional. */
type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/**
 * Returns a copy of an object without the properties that are `undefined`.
 *
 * An absent property and an `undefined` one differ for `in`, for spreads and for `exactOptionalPropertyTypes`.
 *
 * @internal
 */
export function omitUndefined<T extends object>(object: T): Defined<T> {
  const copy: Record<string, unknown> = {};
  for (const key in object) if (object[key] !== undefined) copy[key] = object[key];
  return copy as Defined<T>;
}
