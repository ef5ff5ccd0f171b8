import { type Observable, map, of } from 'rxjs';
import { NetworkError } from '../common/network-error.js';
import type { LinkNames } from '../names/link-names.js';
import type { TableModel } from './table-model.js';

/** Dependents that an error names. */
const NAMED = 3;

/**
 * Emits once if an object can be deleted and created again: it has no dependents, which the kernel would delete with it.
 *
 * @throws NetworkError `busy` as the error signal, if it has dependents.
 * @internal
 */
export function requireNoDependents<T extends object>(
  { dependents, noun, nameOf }: TableModel<T>,
  verb: string,
  object: T,
  names: LinkNames,
): Observable<void> {
  if (dependents === undefined) return of(undefined);
  return dependents(object, names).pipe(
    map((found) => {
      if (found.length === 0) return;
      const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
      const text = `recreating it would also delete ${found.slice(0, NAMED).join(', ')}${more}; delete them first, or delete the ${noun} and add the whole tree again`;
      throw new NetworkError({ reason: 'busy', verb, subject: `${noun} ${nameOf(object)}`, text });
    }),
  );
}
