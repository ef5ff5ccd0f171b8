import { catchError, defer, exhaustMap, map, mergeMap, of, throwIfEmpty, timeout, timer, type Observable } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import { changed, differences, sameValue } from '../../live/internal.js';

/** Milliseconds after which a reading has failed, if the interval is not longer. */
const SHORTEST_LIMIT = 30_000;

/** A reading failed; the rows are those of the last one. @internal */
export interface UnreadTable {
  readonly type: 'unread';
  readonly reason: string;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Reads a table at an interval, and emits `synced` for the first reading, and for the first one after readings that failed, then the differences. A
 * reading that takes longer than the interval delays the next one.
 *
 * @param read - Emits all rows once.
 * @param interval - Milliseconds between the starts of two readings.
 * @returns An Observable that neither errors nor completes: `unread` has the reason of a reading that failed, once for the same reason.
 * @internal
 */
export function sample<T extends object>(
  read: Observable<readonly T[]>,
  keyOf: (row: T) => string,
  interval: number,
): Observable<LiveChange<T> | UnreadTable> {
  const limit = Math.max(interval, SHORTEST_LIMIT);
  const attempt = read.pipe(
    timeout({ first: limit }),
    throwIfEmpty(() => new Error('the kernel sent no answer')),
    map((rows): Reading<T> => ({ rows })),
    catchError((error: unknown) => of<Reading<T>>({ reason: reasonOf(error, limit) })),
  );
  return defer(() => {
    const table = new SampledTable(keyOf);
    return timer(0, interval).pipe(
      exhaustMap(() => attempt),
      mergeMap((reading) => ('rows' in reading ? table.replace(reading.rows) : table.fail(reading.reason))),
    );
  });
}

type Reading<T> = { readonly rows: readonly T[] } | { readonly reason: string };

function reasonOf(error: unknown, limit: number): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TimeoutError' ? `the kernel did not answer within ${limit} ms` : error.message;
}

/** The rows of the last reading. */
class SampledTable<T extends object> {
  readonly #keyOf: (row: T) => string;
  #rows = new Map<string, T>();
  #isRead = false;
  #reason: string | undefined;

  constructor(keyOf: (row: T) => string) {
    this.#keyOf = keyOf;
  }

  fail(reason: string): readonly UnreadTable[] {
    if (reason === this.#reason) return [];
    this.#reason = reason;
    return [{ type: 'unread', reason }];
  }

  replace(values: readonly T[]): readonly LiveChange<T>[] {
    const before = this.#rows;
    const rows = new Map<string, T>();
    const changes: LiveChange<T>[] = [];
    for (const value of values) {
      const key = this.#keyOf(value);
      const previous = before.get(key);
      if (previous !== undefined && sameValue(previous, value)) {
        rows.set(key, previous);
        continue;
      }
      rows.set(key, value);
      changes.push(previous === undefined ? { type: 'added', value } : changed(previous, value, differences(previous, value, NONE)));
    }
    for (const [key, value] of before) if (!rows.has(key)) changes.push({ type: 'removed', value });
    const [isFirst, hasFailed] = [!this.#isRead, this.#reason !== undefined];
    this.#rows = rows;
    this.#isRead = true;
    this.#reason = undefined;
    if (!isFirst && !hasFailed) return changes;
    const synced: LiveChange<T> = { type: 'synced', entries: [...rows.values()], reason: isFirst ? 'initial' : 'silent' };
    return isFirst ? [synced] : [...changes, synced];
  }
}
