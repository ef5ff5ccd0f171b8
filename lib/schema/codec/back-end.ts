import type { AddressFields } from './address/address-fields.js';
import type { SchemaNames } from './schema-names.js';
import type { ValueFields } from './value-fields.js';

/*
 * The interface of decoders, whichever back end made them.
 *
 * Decoders get the words and the bytes of one frame, and offsets into it. `start` is a multiple of 4: messages start at such an
 * offset, and so does each value that consists of attributes. A decoder returns `undefined` if the bytes do not fit the schema;
 * its caller then keeps them as bytes.
 */

/** The objects whose attributes may select the format of a sub-message further in, innermost first. @internal */
export interface Scope {
  readonly value: object;
  readonly outer: Scope | undefined;
  /** In a request that is encoded: the fields of this object that addresses in it read and set. */
  readonly fields?: AddressFields | undefined;
}

/** The arguments of a decoder: the frame, the range of the value in it, and where it is nested. @internal */
export type DecoderArguments = [words: Uint32Array, bytes: Uint8Array, start: number, end: number, scope: Scope | undefined, depth: number];

/** Decodes the value between two offsets. @internal */
export type ValueDecoder = (...range: DecoderArguments) => unknown;

/** Decodes header fields and attributes into one object. @internal */
export type BodyDecoder = (...range: DecoderArguments) => object | undefined;

/**
 * Decodes the struct between two offsets, which need not be aligned.
 *
 * `end` is the end of a last member of variable size; a struct that grows may end before its size.
 *
 * @internal
 */
export type StructDecoder = (words: Uint32Array, bytes: Uint8Array, start: number, end: number, outer: Scope | undefined) => object;

/** The parts of a body: a struct, a set, both or neither. @internal */
export interface BodySchema {
  readonly header?: string | undefined;
  readonly set?: string | undefined;
  /** A member of the header that is not shown: the length of a record. */
  readonly hidden?: string;
  /** The bytes after the header are attributes, known or unknown. Messages have it; sub-messages end with their known parts. */
  readonly open?: true;
  /** The properties to decode, sorted; all if omitted. Each is decoded completely. */
  readonly pick?: readonly string[] | undefined;
}

/** Makes the decoders of a schema and keeps each of them. @internal */
export interface BackEnd {
  /** The number of attributes that its decoders have kept as bytes. */
  kept: number;
  readonly names: SchemaNames;
  body(body: BodySchema): BodyDecoder;
  struct(name: string): StructDecoder;
  value(value: ValueFields): ValueDecoder;
}

/** Returns the name of a body in caches. @internal */
export function bodyKey({ header, set, hidden, open, pick }: BodySchema): string {
  return JSON.stringify([header ?? null, set ?? null, hidden ?? null, open ?? false, pick ?? null]);
}

/** Calls a function when its result is first needed: sets may contain themselves. @internal */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
