import type { Check, Curve } from '../support/result.js';

/** The tolerance above linear growth, for the noise of a measurement. */
const LIMIT = 1.15;

/** Returns the power of growth: the slope of the best line with logarithmic axes. */
export function powerOf(sizes: readonly number[], values: readonly number[]): number {
  const [xs, ys] = [sizes.map(Math.log), values.map(Math.log)];
  const [x, y] = [meanOf(xs), meanOf(ys)];
  const rise = meanOf(xs.map((one, index) => (one - x) * (ys[index]! - y)));
  return rise / meanOf(xs.map((one) => (one - x) ** 2));
}

/** Returns a curve with the power of its growth. */
export function curve(name: string, sizes: readonly number[], values: readonly number[]): Curve {
  return { name, values, exponent: powerOf(sizes, values) };
}

/**
 * Checks that curves grow at most linearly: as a whole, and between the last two sizes, where the fixed cost of a run is small.
 *
 * @param floor - The curve of the kernel. If it grows more than linearly, its growth is the bound.
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
