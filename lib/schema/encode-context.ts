import { EncodeError } from '../errors/index.js';
import { type Scope } from './back-end.js';
import { ByteWriter } from './byte-writer.js';

/** A request that is being written: its bytes so far, and where in its value the writers are. @internal */
export class EncodeContext {
  readonly writer: ByteWriter = new ByteWriter();
  /** Names of the nests around, each with its dot or its brackets. */
  readonly path: string[] = [];
  /** True for a request, which carries only what the kernel accepts; false for what a kernel would send. */
  isRequest = false;

  /** Refuses the value that is being written. */
  fail(reason: string): never {
    throw new EncodeError(reason, this.path.join(''));
  }
}

/** Appends the bytes of a value. @internal */
export type ValueEncoder = (context: EncodeContext, value: unknown, scope: Scope | undefined, depth: number) => void;

let idle: EncodeContext | undefined;

/**
 * Runs a function with a context that is kept for the next call.
 *
 * A getter of the caller's object may encode another request meanwhile: that one gets a context of its own.
 *
 * @internal
 */
export function withContext(isRequest: boolean, write: (context: EncodeContext) => void): Uint8Array {
  const context = idle ?? new EncodeContext();
  idle = undefined;
  context.writer.length = 0;
  context.path.length = 0;
  context.isRequest = isRequest;
  write(context);
  const bytes = context.writer.take();
  idle = context;
  return bytes;
}

/** Shows a value in an error's text. @internal */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  return Array.isArray(value) ? 'an array' : ArrayBuffer.isView(value) ? 'bytes' : 'an object';
}

/** Shows a value in the place of an object, a list or bytes; text only as such, for it may be a key. @internal */
export function kindOf(value: unknown): string {
  return typeof value === 'string' ? 'a string' : show(value);
}

/** Tells whether a value is an object with properties of its own, no array and no bytes. @internal */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
