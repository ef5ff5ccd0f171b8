import { kindOf } from '../../check/index.js';
import { FieldError } from '../common/field-error.js';
import { NetworkError } from '../common/network-error.js';
import type { Check } from '../fields/check.js';

/** The handle of a qdisc or a class: two hexadecimal numbers of 16 bits, as `tc` writes them: `'1:'`, `'1:30'`, `'8001:'`. @public */
export type Handle = `${string}:${string}`;

/** Up to four hexadecimal digits on each side; a qdisc has no minor number. */
const HANDLE = /^([0-9a-f]{1,4}):([0-9a-f]{0,4})$/i;

/**
 * Parses a handle.
 *
 * @returns The number of the kernel: `0x10030` for `'1:30'`.
 * @throws {@link NetworkError} with reason `invalid`, if the text is not a handle.
 * @public
 */
export function parseHandle(text: string): number {
  const [, major, minor] = typeof text === 'string' ? (HANDLE.exec(text) ?? []) : [];
  if (major !== undefined && minor !== undefined) return Number.parseInt(major, 16) * 0x10000 + Number.parseInt(minor || '0', 16);
  const given = typeof text === 'string' ? `'${text}'` : kindOf(text);
  const problem = `expected a handle of hexadecimal numbers such as '1:' or '1:30', not ${given}`;
  throw new NetworkError({ reason: 'invalid', verb: 'parse', subject: 'handle', text: problem });
}

/** Returns the text of a handle, as `tc` prints it: `'1:30'` for `0x10030`, `'1:'` without a minor number. @public */
export function handleText(handle: number): Handle {
  const minor = handle & 0xffff;
  return `${(handle >>> 16).toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}

/** Accepts a handle; returns it as readers do. @internal */
export const handle: Check<Handle> = (value, path) => {
  try {
    return handleText(parseHandle(value as string));
  } catch (error) {
    throw new FieldError(path, (error as Error).message.replace(/^cannot parse handle: /, ''));
  }
};
