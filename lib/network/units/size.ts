import { readUnit } from './read-unit.js';

/** A size: bytes, or text with a unit: `'1600b'`, `'10kib'`, `'1mib'`. @public */
export type Size = number | `${number}${'b' | 'kib' | 'mib' | 'gib'}`;

const BYTES: Readonly<Record<string, number>> = { b: 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

/**
 * Parses a size.
 *
 * @returns Bytes.
 * @throws {@link NetworkError} with reason `invalid`, if the text is not a size. `'10kb'` is ambiguous: 10,000 or 10,240.
 * @public
 */
export function parseSize(text: string): number {
  return readUnit(text, {
    noun: 'size',
    units: BYTES,
    example: "'32kib'",
    ambiguous: (unit) => (/^[kmg]b?$/.test(unit) ? 'it means 1,000 or 1,024; write kib, mib or gib, or bytes' : undefined),
  });
}
