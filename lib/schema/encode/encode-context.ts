import { EncodeError } from '../../errors/index.js';
import { type Scope } from '../decode/back-end.js';
import { ByteWriter } from './byte-writer.js';

/** The operation that a request is for. @internal */
export interface RequestContext {
  readonly operation: string;
  readonly mode: 'do' | 'dump';
  /** The request changes something: it is a do without a reply. */
  readonly writes: boolean;
  /** The request is for an object that must exist already; undefined if that is not known. */
  readonly existing: boolean | undefined;
}

/** A message that is being written: its bytes so far, and where in its value the writers are. @internal */
export class EncodeContext {
  readonly writer: ByteWriter = new ByteWriter();
  /** Names of the nests around, each with its dot or its brackets. */
  readonly path: string[] = [];
  /** Undefined for a message that the kernel would send: what it carries is neither checked nor completed. */
  request: RequestContext | undefined;

  /** True for a request that changes something: it carries only what the kernel accepts. */
  get isWrite(): boolean {
    return this.request?.writes === true;
  }

  /** Refuses the value that is being written. */
  fail(reason: string): never {
    this.failAt(this.path.join(''), reason);
  }

  /** Refuses a value that was written before. */
  failAt(path: string, reason: string): never {
    throw new EncodeError(reason, path);
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
export function withContext(request: RequestContext | undefined, write: (context: EncodeContext) => void): Uint8Array {
  const context = idle ?? new EncodeContext();
  idle = undefined;
  context.writer.length = 0;
  context.path.length = 0;
  context.request = request;
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
