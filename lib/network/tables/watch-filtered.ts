import { Observable, type OperatorFunction } from 'rxjs';
import type { LiveChange } from '../../live/index.js';

/** Restricts a live table to the objects that fit: one that begins to fit is `added`, one that ceases is `removed`. @internal */
export function watchFiltered<T>(isWanted: (value: T) => boolean): OperatorFunction<LiveChange<T>, LiveChange<T>> {
  // No inner Observable for each change: a storm has very many.
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (change) => {
          for (const each of filtered(change, isWanted)) subscriber.next(each);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
}

function filtered<T>(change: LiveChange<T>, isWanted: (value: T) => boolean): readonly LiveChange<T>[] {
  if (change.type === 'synced') return [{ ...change, entries: change.entries.filter(isWanted) }];
  if (change.type !== 'changed') return isWanted(change.value) ? [change] : [];
  const [was, is] = [isWanted(change.previous), isWanted(change.value)];
  if (was && is) return [change];
  if (is) return [{ type: 'added', value: change.value }];
  return was ? [{ type: 'removed', value: change.previous }] : [];
}
