import { UsageError } from '../run/usage-error.js';

const MOST_CELLS = 1024;

/** Returns the number of streams that an option names; 1 if it is omitted. @throws UsageError */
export function cellsOption(text = '1'): number {
  const cells = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (cells < 1 || cells > MOST_CELLS) throw new UsageError(`--cells ${text}: expected a number from 1 to ${String(MOST_CELLS)}`);
  return cells;
}
