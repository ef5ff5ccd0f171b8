import { Observable, asyncScheduler, type OperatorFunction, type Subscription } from 'rxjs';
import { checkFunction, checkOptionNames, checkTime } from '../check/index.js';
import type { LiveChange, LiveDifference } from './live-change.js';
import { changed, differences, sameValue } from './stores/differences.js';

/** Options of {@link coalesce}. @public */
export interface CoalesceOptions<T> {
  /** Length of the time window in milliseconds. It starts with the first change after the end of the last one. */
  readonly within: number;
  /** Returns the key of an entry. */
  readonly key: (value: T) => unknown;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof CoalesceOptions<unknown>>(['within', 'key']);

/**
 * Merges the changes of an entry within a time window into one: emits the last state of each entry at the end of the window.
 *
 * In plain words: a link that goes down and up five times in a tenth of a second has not changed for a display. Entries are emitted in the
 * order of their first changes. An entry that was added and removed within the window is not emitted, nor is one that has its earlier
 * state again. `synced` is emitted at once, after the merged changes.
 *
 * ```text
 * source:  --s-acb-----nr-s-|     a, c changes of one entry, b of another; n added, r removed
 *          coalesce({ within: 4, key })
 * result:  --s-----(xb)---s-|     x = a and c in one
 * ```
 *
 * @returns An operator on the changes of a live collection. The last changes are emitted when the source completes.
 * @example Redraw a table at most ten times a second
 * ```ts
 * link.watch('getlink').pipe(coalesce({ within: 100, key: ({ ifiIndex }) => ifiIndex }));
 * ```
 * @public
 */
export function coalesce<T extends object>(options: CoalesceOptions<T>): OperatorFunction<LiveChange<T>, LiveChange<T>> {
  checkOptionNames('coalesce()', options, OPTIONS);
  const { within, key } = options;
  checkFunction('coalesce(): key', key);
  checkTime('coalesce(): within', within);
  return (source) =>
    new Observable((subscriber) => {
      let merged = new Map<unknown, LiveDifference<T> | undefined>();
      let window: Subscription | undefined;
      const flush = (): void => {
        window?.unsubscribe();
        window = undefined;
        const pending = merged;
        merged = new Map();
        for (const change of pending.values()) if (change !== undefined) subscriber.next(change);
      };
      subscriber.add(() => window?.unsubscribe());
      return source.subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            flush();
            subscriber.next(change);
            return;
          }
          const name = key(change.value);
          const earlier = merged.get(name);
          merged.set(name, earlier === undefined ? change : merge(earlier, change));
          window ??= asyncScheduler.schedule(flush, within);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          flush();
          subscriber.complete();
        },
      });
    });
}

/** Merges two changes of an entry that follow each other; undefined if the entry has its earlier state again. */
function merge<T extends object>(earlier: LiveDifference<T>, later: LiveDifference<T>): LiveDifference<T> | undefined {
  if (earlier.type === 'added') return later.type === 'removed' ? undefined : { type: 'added', value: later.value };
  if (later.type === 'removed') return later;
  const { value } = later;
  if (earlier.type === 'removed') return changeOf(earlier.value, value, differences(earlier.value, value, NONE));
  const names = [...new Set([...earlier.properties, ...(later.type === 'changed' ? later.properties : [])])];
  return changeOf(earlier.previous, value, names);
}

const NONE: ReadonlySet<string> = new Set();

/** Returns the change of the properties that differ; undefined if none does. */
function changeOf<T extends object>(previous: T, value: T, names: readonly string[]): LiveDifference<T> | undefined {
  const [before, after] = [previous, value] as readonly Readonly<Record<string, unknown>>[];
  const properties = names.filter((name) => !sameValue(before?.[name], after?.[name]));
  return properties.length === 0 ? undefined : changed(previous, value, properties);
}
