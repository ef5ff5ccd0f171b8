/**
 * Chooses the size of a spec that repeats something.
 *
 * `npm run test:long` sets RXNETLINK_LONG and runs the specs that import this file.
 *
 * @param usual - The number in `npm test`.
 * @param long - The number in `npm run test:long`.
 */
export function rounds(usual: number, long: number): number {
  return (process.env['RXNETLINK_LONG'] ?? '') === '' ? usual : long;
}
