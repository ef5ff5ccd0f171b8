import type { AddressFields } from '../encode/address-fields.js';
import type { ValueSchema } from '../descriptor/descriptor.js';

/*
 * How decoders look from outside, whichever back end made them.
 *
 * They get the words and the bytes of one frame, and offsets into it. `start` is a multiple of 4: messages start on such, and so does
 * everything in them that is made of attributes. What they answer `undefined` to does not fit its schema, and is kept as bytes.
 */

/** Objects whose attributes may choose a sub-message further in, innermost first. @internal */
export interface Scope {
  readonly value: object;
  readonly outer: Scope | undefined;
  /** Of a request that is being written: the fields of this object that addresses in it read and set. */
  readonly fields?: AddressFields | undefined;
}

/** Decodes the value between two offsets. @internal */
export type ValueDecoder = (
  words: Uint32Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  scope: Scope | undefined,
  depth: number,
) => unknown;

/** Decodes header fields and attributes into one object. @internal */
export type BodyDecoder = (
  words: Uint32Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  scope: Scope | undefined,
  depth: number,
) => object | undefined;

/** Decodes the struct that starts at an offset, which need not be aligned. @internal */
export type StructDecoder = (words: Uint32Array, bytes: Uint8Array, start: number, end: number) => object;

/** What a body is made of: a struct, a set, both or neither. @internal */
export interface BodySchema {
  readonly header?: string | undefined;
  readonly set?: string | undefined;
  /** A member of the header that is not shown: the length of a record. */
  readonly hidden?: string;
  /** Whatever follows is attributes, known or not: messages, as against sub-messages, end with some. */
  readonly open?: true;
  /** Properties that are wanted, sorted; all where left out. What lies in them is always whole. */
  readonly pick?: readonly string[] | undefined;
}

/** Makes decoders from a schema; each but once. @internal */
export interface BackEnd {
  /** How many attributes were kept as bytes so far. */
  kept: number;
  body(body: BodySchema): BodyDecoder;
  struct(name: string): StructDecoder;
  value(value: ValueSchema): ValueDecoder;
}

/** The name of a body in caches. @internal */
export function bodyKey({ header, set, hidden, open, pick }: BodySchema): string {
  return JSON.stringify([header ?? null, set ?? null, hidden ?? null, open ?? false, pick ?? null]);
}
