import { linksOf } from '../../../tables/linked.js';
import type { TableModel } from '../../../tables/table-model.js';
import type { PlannedChange } from '../planned-change.js';

/**
 * Sorts changes of links: masters and parents first, so that a link is up before another one on it.
 *
 * New links have the phase `create-links`, unless they need a change of an existing one.
 *
 * @internal
 */
export function orderLinks(model: TableModel<object>, changes: readonly PlannedChange[]): readonly PlannedChange[] {
  // A second change of a link needs the first one.
  const byName = new Map([...changes].reverse().flatMap((change) => namesOf(change).map((name) => [name, change])));
  const ordered = new Map<PlannedChange, PlannedChange>();
  const visited = new Set<PlannedChange>();
  const visit = (change: PlannedChange): void => {
    if (visited.has(change)) return;
    visited.add(change);
    const names = [...namesOf(change), ...linksOf(model, change.wanted!)];
    const lower = names.flatMap((name) => byName.get(name) ?? []).filter((other) => other !== change);
    lower.forEach(visit);
    const waits = lower.some((other) => ordered.get(other)?.phase === 'settings');
    const isNew = change.action !== 'change';
    ordered.set(change, { ...change, phase: isNew && !waits ? 'create-links' : 'settings' });
  };
  changes.forEach(visit);
  return [...ordered.values()];
}

/** The document may name a link by an alternative name. */
function namesOf({ before, wanted }: PlannedChange): readonly string[] {
  const { altnames = [] } = wanted as { readonly altnames?: readonly string[] };
  return [((before ?? wanted) as { readonly name: string }).name, ...altnames];
}
