/** What some runs come to. */
export interface Figures {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly runs: number;
}

/** The median of some values and how far they spread. */
export function figuresOf(values: readonly number[]): Figures {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, lowest: sorted[0]!, highest: sorted.at(-1)!, runs: sorted.length };
}

/** The same figures in another unit. */
export function scaled({ median, lowest, highest, runs }: Figures, scale: number): Figures {
  return { median: median / scale, lowest: lowest / scale, highest: highest / scale, runs };
}

/** A number with about three digits that mean something. */
export function digits(value: number): string {
  const places = value === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(places);
}
