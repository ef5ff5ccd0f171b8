import type { Rate } from '../units/rate.js';
import type { Size } from '../units/size.js';
import type { Time } from '../units/time.js';

/**
 * The types of those fields that are written in more forms than they are read: units, "none", secrets.
 *
 * Each object type is declared once with a parameter of this type; {@link Read} is its default.
 *
 * @public
 */
export interface Written {
  /** A duration: milliseconds, or text with a unit. */
  readonly time: Time;
  /** A rate: bits per second, or text with a unit. */
  readonly rate: Rate;
  /** A size: bytes, or text with a unit. */
  readonly size: Size;
  /** Removes a setting. */
  readonly none: null;
  /** Key material. */
  readonly secret: string;
}

/** The types of those fields as readers return them: plain numbers; nothing reads as `null`, and secrets are never read. @public */
export interface Read extends Written {
  /** Milliseconds. */
  readonly time: number;
  /** Bits per second. */
  readonly rate: number;
  /** Bytes. */
  readonly size: number;
  /** Readers never return `null`: what is not there is absent. */
  readonly none: never;
  /** Readers never return key material. */
  readonly secret: never;
}

/** An IP address with a prefix length, `10.0.0.1/24`. @public */
export type Cidr = string;

/** The key of the row from which an object was made: `link[Row]` is the reply of the kernel, not enumerable. @public */
export const Row: unique symbol = Symbol('Row');

/** Returns an object that carries its row where printing, spreading, comparing and JSON do not see it. @internal */
export function withRow<T extends object, R>(object: T, row: R): T & { readonly [Row]: R } {
  return Object.defineProperty(object, Row, { value: row }) as T & { readonly [Row]: R };
}

/** Properties that must be absent. @public */
export type No<Keys extends PropertyKey> = { readonly [K in Keys]?: never };
