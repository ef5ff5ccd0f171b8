import { buffer, connect, debounceTime, filter, type OperatorFunction } from 'rxjs';
import { checkTime } from './checks.js';

/** How long it must be quiet. @public */
export interface SettleOptions {
  /** Milliseconds without anything. */
  readonly for: number;
}

/**
 * Waits for quiet after a storm, and then tells all of it at once.
 *
 * In plain words: what belongs together comes together; a daemon that rewrites its configuration does so once.
 *
 * ```text
 * source:  --ab-c------d--|
 *          settle({ for: 3 })
 * result:  --------x------(y|)     x = [a, b, c], y = [d]
 * ```
 *
 * A storm that never ends is never told: where that may be, `bufferTime` serves better.
 *
 * @returns An operator that emits arrays, none of them empty; what is left when the source completes comes then.
 * @example Write a file when the links have settled
 * ```ts
 * link.watch('getlink').pipe(settle({ for: 500 }));
 * ```
 * @public
 */
export function settle<T>({ for: quiet }: SettleOptions): OperatorFunction<T, T[]> {
  checkTime('settle(): for', quiet);
  return (source) =>
    source.pipe(
      connect((storm) => storm.pipe(buffer(storm.pipe(debounceTime(quiet))))),
      filter((storms) => storms.length > 0),
    );
}
