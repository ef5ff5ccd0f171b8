import { readUnit } from './read-unit.js';

/** A duration: milliseconds, or text with a unit: `'250us'`, `'10ms'`, `'1.5s'`, `'5m'`, `'1h'`. @public */
export type Time = number | `${number}${'us' | 'ms' | 's' | 'm' | 'h'}`;

const MILLISECONDS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Parses a duration.
 *
 * @returns Milliseconds.
 * @throws {@link NetworkError} with reason `invalid`, if the text is not a duration.
 * @public
 */
export function parseTime(text: string): number {
  return readUnit(text, { noun: 'duration', units: MILLISECONDS, example: "'10ms'" });
}
