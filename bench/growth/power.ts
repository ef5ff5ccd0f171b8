import type { Check, Curve } from '../support/result.js';

/** Noise of a measurement may look like this much more than linear growth. */
const LIMIT = 1.15;

/** The power with which something grows: the slope of the line that fits best where both axes are logarithmic. */
export function powerOf(sizes: readonly number[], values: readonly number[]): number {
  const [xs, ys] = [sizes.map(Math.log), values.map(Math.log)];
  const [x, y] = [meanOf(xs), meanOf(ys)];
  const rise = meanOf(xs.map((one, index) => (one - x) * (ys[index]! - y)));
  return rise / meanOf(xs.map((one) => (one - x) ** 2));
}

/** A curve and the power with which it grows. */
export function curve(name: string, sizes: readonly number[], values: readonly number[]): Curve {
  return { name, values, exponent: powerOf(sizes, values) };
}

/**
 * Whether curves grow no worse than linearly: as a whole, and from the last size but one to the last, where what every run costs
 * hides nothing any more.
 *
 * @param floor - Where this grows worse by itself, its growth is the measure: that is the kernel's.
 */
export function checkLinear(what: string, sizes: readonly number[], curves: readonly Curve[], floor?: Curve): Check[] {
  const worst = ({ values, exponent }: Curve): number => Math.max(exponent, powerOf(sizes.slice(-2), values.slice(-2)));
  const limit = floor === undefined ? LIMIT : Math.max(LIMIT, worst(floor));
  const bound = floor === undefined ? 'no worse than linear' : `no worse than linear, or than ${floor.name}`;
  return curves.map((one) => ({
    what: `${what}: ${one.name}`,
    bound,
    figure: `power ${worst(one).toFixed(2)}`,
    holds: worst(one) <= limit,
  }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
