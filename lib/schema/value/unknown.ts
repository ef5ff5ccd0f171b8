/**
 * The key under which an object keeps the attributes that its schema does not describe.
 *
 * It holds unknown attributes, scalars of an unexpected width, structs that are too short, and sub-messages of an unknown kind. They
 * are kept as they were received and written back unchanged. The value is an array of {@link UnknownAttribute}; the key is absent
 * if all attributes were known.
 *
 * @example Print the attributes that the schema does not know
 * ```ts
 * for (const { type, payload } of link[Unknown] ?? []) console.log(type, payload);
 * ```
 * @public
 */
export const Unknown: unique symbol = Symbol.for('rxnetlink.unknown');

/** An attribute that a schema could not decode. @public */
export interface UnknownAttribute {
  /** Its number, without the two flag bits. */
  readonly type: number;
  /** The two flag bits of `nla_type`: 0x8000 nested, 0x4000 network byte order. */
  readonly flags: number;
  /** A copy of its payload. */
  readonly payload: Uint8Array;
}

/** An object with attributes its schema does not describe. @public */
export interface WithUnknown {
  /** In the order of the wire; absent if all attributes were known. */
  readonly [Unknown]?: readonly UnknownAttribute[];
}
