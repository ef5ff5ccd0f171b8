import { parseTime } from '../../network/index.js';
import { UsageError } from './usage-error.js';

/** A timer of Node holds 31 bits of milliseconds; a longer one would end at once. */
const LONGEST_TIME = 2 ** 31 - 1;

/**
 * Returns the milliseconds that an option names.
 *
 * @param reserve - The time that the command adds to it.
 * @throws UsageError if the text is not a time.
 */
export function timeOption(option: string, text: string, reserve = 0): number {
  try {
    const milliseconds = parseTime(text);
    if (milliseconds > 0 && milliseconds <= LONGEST_TIME - reserve) return milliseconds;
  } catch {
    // The line below names what is expected.
  }
  throw new UsageError(`${option} ${text}: expected a time with its unit, such as 30s or 5m, of at most 24 days`);
}
