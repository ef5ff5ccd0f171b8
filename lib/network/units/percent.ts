import { readUnit } from './read-unit.js';

/** A share as text: `'0.5%'`. A bare number is not accepted: 1 means 1 % to `tc` and 100 % to others. @public */
export type Percent = `${number}%`;

/**
 * Parses a share.
 *
 * @returns A number from 0 to 1.
 * @throws {@link NetworkError} with reason `invalid`, if the text is not a share from 0 % to 100 %.
 * @public
 */
export function parsePercent(text: string): number {
  return readUnit(text, { noun: 'share', units: { '%': 0.01 }, example: "'0.5%'", most: 1 });
}
