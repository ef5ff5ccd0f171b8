import { FieldError } from '../common/field-error.js';
import { time, type Check } from './check.js';

/** Lifetimes run while an object is compared. */
const TOLERANCE = 2000;

/**
 * Accepts lifetimes: whole seconds of a range, because the kernel counts them in seconds.
 *
 * @param noun - The object, for the remedy: `address`.
 * @internal
 */
export function lifetime(least: number, most: number, noun: string): Check<number> {
  return (value, path) => {
    const milliseconds = time(value, path);
    const seconds = milliseconds / 1000;
    if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return milliseconds;
    const range = least === 0 ? `up to ${most}` : `from ${least} to ${most}`;
    throw new FieldError(path, `expected whole seconds ${range}, not ${milliseconds} ms; omit it for ${noun} that never expires`);
  };
}

/** Returns true if a lifetime is the wanted one, or was a moment ago; `null` wants none. @internal */
export function sameLifetime(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'number' || typeof found !== 'number') return (wanted ?? undefined) === found;
  return found <= wanted && wanted - found <= TOLERANCE;
}
