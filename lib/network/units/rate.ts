import { readUnit } from './read-unit.js';

/** A rate: bits per second, or text with a unit: `'100mbit'`, `'1.5gbit'`, `'1gibit'`, `'64bit'`. @public */
export type Rate = number | `${number}${'' | 'k' | 'm' | 'g' | 't' | 'ki' | 'mi' | 'gi'}bit`;

const BITS: Readonly<Record<string, number>> = {
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  tbit: 1e12,
  kibit: 2 ** 10,
  mibit: 2 ** 20,
  gibit: 2 ** 30,
};

/**
 * Parses a rate.
 *
 * @returns Bits per second.
 * @throws {@link NetworkError} with reason `invalid`, if the text is not a rate. `'10mbps'` is ambiguous: `tc` reads it as bytes.
 * @public
 */
export function parseRate(text: string): number {
  return readUnit(text, {
    noun: 'rate',
    units: BITS,
    example: "'100mbit'",
    ambiguous: (unit) =>
      /^[kmgt]?i?bps$/.test(unit) ? 'bps means bytes to tc and bits to others; write mbit, or eight times the number of bytes' : undefined,
  });
}
