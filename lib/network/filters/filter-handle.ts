import { FieldError } from '../common/field-error.js';
import { integer, shown, type Check } from '../fields/check.js';

/**
 * The handle of a filter: a number, or for `u32` the hash table, its bucket and the number in it, hexadecimal as `tc` prints them:
 * `'800::801'`.
 *
 * @public
 */
export type FilterHandle = number | `${string}:${string}:${string}`;

const U32 = /^([0-9a-f]{1,3}):([0-9a-f]{0,2}):([0-9a-f]{1,3})$/i;

/** The kernel numbers the hash table of each priority from here. */
const FIRST_OWN_TABLE = 0x800;

/** Returns the handle of a u32 filter: table, bucket, number. @internal */
export function u32Handle(handle: number): FilterHandle {
  const bucket = (handle >>> 12) & 0xff;
  return `${(handle >>> 20).toString(16)}:${bucket === 0 ? '' : bucket.toString(16)}:${(handle & 0xfff).toString(16)}`;
}

/** Returns the number of a handle. @internal */
export function filterHandleNumber(handle: FilterHandle): number {
  if (typeof handle === 'number') return handle;
  const [table = 0, bucket = 0, node = 0] = handle.split(':').map((part) => Number.parseInt(part || '0', 16));
  return table * 0x10_0000 + bucket * 0x1000 + node;
}

/**
 * Returns the number of a handle for a new filter: in the table of the priority, whatever number the kernel gives this table, only
 * the number of the filter.
 *
 * @internal
 */
export function newHandleNumber(handle: FilterHandle): number {
  const number = filterHandleNumber(handle);
  return typeof handle === 'string' && isOwnTable(number) ? number % 0x10_0000 : number;
}

function isOwnTable(number: number): boolean {
  return Math.floor(number / 0x10_0000) >= FIRST_OWN_TABLE;
}

/** Returns true if two handles are equal; the table of a priority has another number each time it is created. @internal */
export function sameHandle(one: unknown, other: unknown): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return one === other;
  const [first, second] = [filterHandleNumber(one as FilterHandle), filterHandleNumber(other as FilterHandle)];
  return first === second || (isOwnTable(first) && isOwnTable(second) && first % 0x10_0000 === second % 0x10_0000);
}

const number = integer(1, 0xffff_ffff);

/** Accepts the handle of a filter. @internal */
export const filterHandle: Check<FilterHandle> = (value, path) => {
  if (typeof value === 'number') return number(value, path);
  if (typeof value === 'string' && U32.test(value)) return u32Handle(filterHandleNumber(value as FilterHandle));
  throw new FieldError(path, `expected a number, or for u32 a handle such as '800::801', not ${shown(value)}`);
};
