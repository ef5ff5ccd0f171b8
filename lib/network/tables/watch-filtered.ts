import { concatMap, from, type Observable, type OperatorFunction } from 'rxjs';
import type { LiveChange } from '../../live/index.js';

/** Restricts a live table to the objects that fit: one that begins to fit is `added`, one that ceases is `removed`. @internal */
export function watchFiltered<T>(isWanted: (value: T) => boolean): OperatorFunction<LiveChange<T>, LiveChange<T>> {
  return (source: Observable<LiveChange<T>>) => source.pipe(concatMap((change) => from(filtered(change, isWanted))));
}

function filtered<T>(change: LiveChange<T>, isWanted: (value: T) => boolean): readonly LiveChange<T>[] {
  if (change.type === 'synced') return [{ ...change, entries: change.entries.filter(isWanted) }];
  if (change.type !== 'changed') return isWanted(change.value) ? [change] : [];
  const [was, is] = [isWanted(change.previous), isWanted(change.value)];
  if (was && is) return [change];
  if (is) return [{ type: 'added', value: change.value }];
  return was ? [{ type: 'removed', value: change.previous }] : [];
}
