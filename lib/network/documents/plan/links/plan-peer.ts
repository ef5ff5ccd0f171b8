import { map, mergeMap, of, type Observable } from 'rxjs';
import { NetworkError } from '../../../common/network-error.js';
import { LinkNames } from '../../../names/link-names.js';
import { compare } from '../../../tables/compare.js';
import type { Step } from '../../../tables/step.js';
import type { TableModel, Wanted } from '../../../tables/table-model.js';
import { differenceOf } from '../difference.js';
import { mergedOf, updateOf } from '../plan-object.js';
import type { PlannedChange } from '../planned-change.js';

/**
 * Plans a link that comes to be with another one, such as the peer of a pair: it is read when it is there, and changed then.
 *
 * @internal
 */
export function planPeer(model: TableModel<object>, path: string, wanted: Wanted): PlannedChange {
  return { ...planLater(model, path, wanted), difference: differenceOf(model, 'add', wanted) };
}

/** Plans properties of a new link that need another new link. @internal */
export function planLater(model: TableModel<object>, path: string, wanted: Wanted): PlannedChange {
  const { kind: _kind, ...properties } = wanted;
  const changes = compare(properties, { name: wanted['name'] });
  return {
    ...({ table: 'links', action: 'change', phase: 'settings' } as const),
    path,
    wanted,
    changes,
    difference: differenceOf(model, 'change', wanted, changes),
    steps: (names) => [{ task: () => changeThere(model, path, wanted, names) }],
  };
}

function changeThere(model: TableModel<object>, path: string, wanted: Wanted, names: LinkNames): Observable<unknown> {
  const key = model.keyOf(wanted);
  return model.read(new LinkNames(), key).pipe(
    mergeMap(([link]) => (link === undefined ? of(undefined) : model.withParts!(link, wanted))),
    map((link): readonly Step[] => {
      if (link === undefined)
        throw new NetworkError({
          reason: 'missing',
          verb: 'apply',
          subject: `link ${model.nameOf(wanted)}`,
          path,
          text: 'it does not exist',
        });
      const changes = compare(wanted, link, model.equal);
      if (changes.size === 0) return [];
      const update = updateOf(model, link, mergedOf(model, link, wanted), changes, names);
      return update.steps ?? [];
    }),
    // The steps of links are tasks, and at most one.
    mergeMap(([step]) => (step !== undefined && 'task' in step ? step.task() : of(undefined))),
  );
}
