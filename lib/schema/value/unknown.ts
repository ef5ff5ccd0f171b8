/**
 * The key under which an object keeps what its schema does not describe.
 *
 * Attributes nobody knows, scalars of an unexpected width, structs that are cut short and sub-messages of an unknown kind
 * are kept there as they came, and written back as they are. Its value is an array of {@link UnknownAttribute}; the key is absent
 * where everything was known.
 *
 * @example What did the kernel send that the schema does not know?
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
  /** What it holds, in memory of its own. */
  readonly payload: Uint8Array;
}

/** An object with attributes its schema does not describe. @public */
export interface WithUnknown {
  /** In the order of the wire; absent where everything was known. */
  readonly [Unknown]?: readonly UnknownAttribute[];
}
