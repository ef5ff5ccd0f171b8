import { digits, ratioText, spread, type Figures } from './figures.js';
import type { Check } from './result.js';

/**
 * Returns the check of a ratio against a bound. Its text has the median, the lowest and the highest.
 *
 * @param to - The reference of the ratio.
 */
export function checkRatio(what: string, ratio: Figures, bound: number, to = 'C'): Check {
  return { what, bound: `<= ${bound} x ${to}`, figure: ratioText(ratio, undefined), holds: ratio.median <= bound };
}

/** Returns the check of an amount, such as bytes, against a bound. */
export function checkAmount(what: string, figures: Figures, bound: number, unit: string): Check {
  const figure = `${digits(figures.median)} ${unit} (${spread(figures)})`;
  return { what, bound: `<= ${bound} ${unit}`, figure, holds: figures.median <= bound };
}
