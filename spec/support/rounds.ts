/** True in `npm run test:long`, which sets RXNETLINK_LONG and runs the specs that import this file. */
export const isLong: boolean = (process.env['RXNETLINK_LONG'] ?? '') !== '';

/**
 * Chooses the size of a spec that repeats something.
 *
 * @param usual - The number in `npm test`.
 * @param long - The number in `npm run test:long`.
 */
export function rounds(usual: number, long: number): number {
  return isLong ? long : usual;
}
