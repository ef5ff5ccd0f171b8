import { FieldError } from '../../common/field-error.js';
import { wholeTime, type Check } from '../../fields/check.js';

/** Milliseconds of a second, the unit of times in nft's own forms. */
const SECOND = 1000;

/** Accepts times of sets and elements. A number that is not whole seconds is a number of seconds by mistake: `nft` has seconds there. @internal */
export const elementTime: Check<number> = (value, path) => {
  const milliseconds = wholeTime(value, path);
  if (typeof value !== 'number' || milliseconds % SECOND === 0) return milliseconds;
  throw new FieldError(path, `expected whole seconds; ${value} is ${value} ms: write '${value}s', or '${value}ms' for milliseconds`);
};

/** Returns a time in the form in which `elementTime` accepts it: milliseconds, or text if they are not whole seconds. @internal */
export function timeDocument(milliseconds: number): number | `${number}ms` {
  return milliseconds % SECOND === 0 ? milliseconds : `${milliseconds}ms`;
}
