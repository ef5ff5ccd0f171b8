/** The statistics of several runs. */
export interface Figures {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly runs: number;
}

/** Returns the median of values and their spread. */
export function figuresOf(values: readonly number[]): Figures {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, lowest: sorted[0]!, highest: sorted.at(-1)!, runs: sorted.length };
}

/** Returns the same figures in another unit. */
export function scaled({ median, lowest, highest, runs }: Figures, scale: number): Figures {
  return { median: median / scale, lowest: lowest / scale, highest: highest / scale, runs };
}

/** Returns a number with about three significant digits. */
export function digits(value: number): string {
  const places = value === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(places);
}

/** Returns the text of a ratio: median, spread, and the reference if that is not the floor. */
export function ratioText(ratio: Figures | undefined, to: string | undefined): string {
  if (ratio === undefined) return '';
  return `${digits(ratio.median)} x${to === undefined ? '' : ` ${to}`} (${spread(ratio)})`;
}

/** Returns the text of a range. */
export function spread({ lowest, highest }: Figures): string {
  return `${digits(lowest)} to ${digits(highest)}`;
}

/** Returns a count with separators: `200,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
