import { EncodeError } from '../../errors/index.js';
import { GrowableBuffer, kindOf } from '../../wire/internal.js';
import type { BodySchema, Scope } from './back-end.js';
import type { SchemaNames, StructLayout } from './schema-names.js';
import type { ValueFields } from './value-fields.js';

/** Bytes that a context reserves at first; it keeps its buffer for later messages. */
const FIRST_SIZE = 4096;

/** The operation that a request is for. @internal */
export interface RequestContext {
  readonly operation: string;
  readonly mode: 'do' | 'dump';
  /** The request changes something: it is a do without a reply. */
  readonly writes: boolean;
  /** The request is for an object that must exist already; undefined if that is not known. */
  readonly existing: boolean | undefined;
  /** The header field that identifies the operation among those of its number. */
  readonly chooser?: HeaderChooser | undefined;
}

/** A field of the message's header, and the values that a request may have in it. @internal */
export interface HeaderChooser {
  readonly property: string;
  readonly values: readonly number[];
}

/** The state of a message while it is encoded: its bytes so far, and the path of the current value. @internal */
export class EncodeContext {
  readonly writer: GrowableBuffer = new GrowableBuffer(FIRST_SIZE);
  /** The properties and indexes of the enclosing nests; {@link EncodeContext.place} is their text. */
  readonly path: (string | number)[] = [];
  /** Undefined for a message that the kernel would send: its values are neither checked nor completed. */
  request: RequestContext | undefined;

  /** The path of the current value: `.linkinfo.data[3]`. */
  get place(): string {
    return this.path.map((part) => (typeof part === 'number' ? `[${part}]` : part.startsWith('[') ? part : `.${part}`)).join('');
  }

  /** True for a request that changes something: it carries only what the kernel accepts. */
  get isWrite(): boolean {
    return this.request?.writes === true;
  }

  /** Rejects the current value. */
  fail(reason: string): never {
    this.failAt(this.place, reason);
  }

  /** Rejects a value that was encoded before. */
  failAt(path: string, reason: string): never {
    throw new EncodeError(reason, path);
  }
}

/** Appends the bytes of a value. @internal */
export type ValueEncoder = (context: EncodeContext, value: unknown, scope: Scope | undefined, depth: number) => void;

/** Writes an integer of the value that starts at an offset; its bytes are reserved already. @internal */
export type IntegerWriter = (context: EncodeContext, start: number, value: unknown) => void;

/** Appends the attribute, or all the attributes, of one property. @internal */
export type PropertyEncoder = (context: EncodeContext, value: unknown, scope: Scope, depth: number) => void;

/** Makes the encoders of a schema and keeps each of them. @internal */
export interface Encoders {
  readonly names: SchemaNames;
  body(body: BodySchema): ValueEncoder;
  struct(struct: StructLayout): ValueEncoder;
  /** Returns the encoder of a value's payload. */
  value(value: ValueFields): ValueEncoder;
  /** Returns true if an attribute with this value has the flag NESTED. */
  isNested(value: ValueFields): boolean;
}

let idle: EncodeContext | undefined;

/**
 * Begins a message, with the context of an earlier one that has ended.
 *
 * A getter of the caller's object may encode another request at the same time: that request gets a context of its own. A message that fails
 * is not ended, and its context is not used again.
 *
 * @internal
 */
export function beginMessage(request: RequestContext | undefined): EncodeContext {
  const context = idle ?? new EncodeContext();
  idle = undefined;
  context.writer.length = 0;
  // V8 calls its runtime for each assignment.
  if (context.path.length > 0) context.path.length = 0;
  context.request = request;
  return context;
}

/** Ends a message and returns its bytes. @internal */
export function endMessage(context: EncodeContext): Uint8Array {
  const bytes = context.writer.copyOut();
  idle = context;
  return bytes;
}

/** Shows a value in the text of an error. @internal */
export function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : kindOf(value);
}

/** Returns true for an object with properties of its own: neither an array nor bytes. @internal */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Returns true for a value that is neither an object, nor an array, nor a boolean: a number, a text or bytes. @internal */
export function isPlain(given: unknown): boolean {
  return !isRecord(given) && !Array.isArray(given) && typeof given !== 'boolean';
}
