import { buffer, connect, debounceTime, filter, type OperatorFunction } from 'rxjs';
import { checkOptionNames, checkTime } from '../check/index.js';

/** Options of {@link settle}. @public */
export interface SettleOptions {
  /** Milliseconds without a value after which the collected values are emitted. */
  readonly for: number;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof SettleOptions>(['for']);

/**
 * Collects the values of a burst and emits them as one array when the burst is over.
 *
 * In plain words: a daemon rewrites its configuration once for many changes that belong together.
 *
 * ```text
 * source:  --ab-c------d--|
 *          settle({ for: 3 })
 * result:  --------x------(y|)     x = [a, b, c], y = [d]
 * ```
 *
 * A burst that never ends is never emitted; use `bufferTime` if that is possible.
 *
 * @returns An operator that emits non-empty arrays. The last one is emitted when the source completes.
 * @example Write a file when the links have settled
 * ```ts
 * link.watch('getlink').pipe(settle({ for: 500 }));
 * ```
 * @public
 */
export function settle<T>(options: SettleOptions): OperatorFunction<T, T[]> {
  checkOptionNames('settle()', options, OPTIONS);
  const { for: quiet } = options;
  checkTime('settle(): for', quiet);
  return (source) =>
    source.pipe(
      connect((values) => values.pipe(buffer(values.pipe(debounceTime(quiet))))),
      filter((burst) => burst.length > 0),
    );
}
