import type { LinkNames } from '../../names/link-names.js';
import type { Change } from '../../tables/compare.js';
import type { RequestStep } from '../../tables/step.js';
import type { Wanted } from '../../tables/table-model.js';
import type { DocumentModels, PlannedChange } from '../plan/planned-change.js';
import { addition, changeInPlace, changesTo, deletion, isRecreated, recreation } from './traffic-change.js';
import type { TreeObject } from './tree-node.js';

/** The values of properties that a filter does not list: it is owned whole. */
const ABSENT: Wanted = { match: null, to: null, actions: null, skipHardware: false, skipSoftware: false };

/** Names the filters among which the kernel looks for one: a priority holds filters of one kind and one protocol. */
const priorityOf = ({ parent, chain, priority }: Wanted): string => JSON.stringify([parent, chain ?? 0, priority]);

/** Names the filters of which one can become the other. */
const groupOf = (filter: Wanted): string => JSON.stringify([priorityOf(filter), filter['protocol'], filter['kind']]);

/** A wanted filter and the one that is there. */
interface Pair {
  readonly wanted: TreeObject;
  readonly found?: object;
  /** The position of the filter that is there in its group. */
  readonly position: number;
  readonly changes: ReadonlyMap<string, Change>;
}

/**
 * Returns the changes that make filters equal to a whole list.
 *
 * Filters have no name if the kernel numbers them: equal ones belong together, the others of one priority, protocol and kind in
 * their order.
 *
 * @param found - All filters of the qdisc, in the kernel's order.
 * @internal
 */
export function planFilters(
  models: DocumentModels,
  names: LinkNames,
  wanted: readonly TreeObject[],
  found: readonly object[],
): readonly PlannedChange[] {
  const whole = wanted.map((filter) => ({ ...filter, wanted: completeFilter(models, filter.wanted) }));
  const left = new Set(found);
  const changes = groups(whole).flatMap((group) => {
    const there = found.filter((filter) => groupOf(filter as Wanted) === groupOf(group[0]!.wanted));
    const pairs = pairsOf(models, group, there);
    for (const pair of pairs) if (pair.found !== undefined) left.delete(pair.found);
    return changesOf(models, names, pairs, there.length);
  });
  return [...planDeletions(models, found, left, new Set(whole.map((filter) => priorityOf(filter.wanted)))), ...changes];
}

/**
 * Returns the deletions of filters.
 *
 * A priority keeps its kind and its protocol without filters, if other filters of u32 are at the same place. The last filter is
 * deleted as the priority.
 */
function planDeletions(
  models: DocumentModels,
  found: readonly object[],
  left: ReadonlySet<object>,
  wanted: ReadonlySet<string>,
): readonly PlannedChange[] {
  const of = (filter: object): string => priorityOf(filter);
  const kept = new Set(found.filter((filter) => !left.has(filter)).map(of));
  return [...left].map((filter, index, all) => {
    const change = deletion(models, 'filters', filter, wanted.has(of(filter)) ? 'clear' : 'delete');
    const isLast = !kept.has(of(filter)) && !all.slice(index + 1).some((other) => of(other) === of(filter));
    if (!isLast) return change;
    const steps = (models.filters.remove(filter) as readonly RequestStep[]).map((step) => ({
      ...step,
      request: { ...step.request, handle: 0 },
    }));
    return { ...change, steps: () => steps };
  });
}

/** Adds what a filter implies. @internal */
export function completeFilter(models: DocumentModels, wanted: Wanted): Wanted {
  const complete = models.filters.complete?.({ ...wanted }) ?? wanted;
  return { ...complete, chain: complete['chain'] ?? 0, protocol: complete['protocol'] ?? 'all' };
}

function groups(wanted: readonly TreeObject[]): readonly (readonly TreeObject[])[] {
  const found = new Map<string, TreeObject[]>();
  for (const filter of wanted) {
    const group = groupOf(filter.wanted);
    found.set(group, [...(found.get(group) ?? []), filter]);
  }
  return [...found.values()];
}

function pairsOf(models: DocumentModels, group: readonly TreeObject[], found: readonly object[]): readonly Pair[] {
  const left = new Map(found.map((filter, position) => [filter, position]));
  const pairs = new Map<TreeObject, Pair>();
  const take = (wanted: TreeObject, isRight: (changes: ReadonlyMap<string, Change>) => boolean): void => {
    if (pairs.has(wanted)) return;
    for (const [filter, position] of left) {
      const changes = changesTo(models, 'filters', { ...ABSENT, ...wanted.wanted }, filter);
      if (!isRight(changes)) continue;
      pairs.set(wanted, { wanted, found: filter, position, changes });
      left.delete(filter);
      return;
    }
  };
  for (const wanted of group) take(wanted, (changes) => changes.size === 0);
  for (const wanted of group) take(wanted, (changes) => !changes.has('handle'));
  return group.map((wanted) => pairs.get(wanted) ?? { wanted, position: -1, changes: new Map() });
}

function changesOf(models: DocumentModels, names: LinkNames, pairs: readonly Pair[], found: number): readonly PlannedChange[] {
  const isMoved = !areOrdered(pairs, found);
  return pairs.flatMap(({ wanted, found: filter, changes }) => {
    if (filter === undefined) return [addition(models, 'filters', wanted)];
    if (isMoved) return [recreation(models, 'filters', filter, wanted, changes)];
    if (changes.size === 0) return [];
    const whole = { ...ABSENT, ...wanted.wanted };
    if (isRecreated({ models, names }, 'filters', whole, filter, changes)) return [recreation(models, 'filters', filter, wanted, changes)];
    return [changeInPlace(models, 'filters', filter, { ...wanted, wanted: whole }, changes)];
  });
}

/**
 * Returns true if the filters that stay and the new ones come in the wanted order.
 *
 * The kernel tries the filters of a priority by their numbers, and gives a new one the lowest number that is free.
 *
 * @param found - The number of filters that are there, also of those that are deleted.
 */
function areOrdered(pairs: readonly Pair[], found: number): boolean {
  const numbered = pairs.filter(({ wanted }) => wanted.wanted['handle'] === undefined);
  const kept = numbered.filter(({ found: filter }) => filter !== undefined);
  const isSorted = kept.every(({ position }, index) => index === 0 || position > kept[index - 1]!.position);
  const isNewLast = numbered.slice(0, kept.length).every(({ found: filter }) => filter !== undefined);
  return isSorted && isNewLast && (kept.length === numbered.length || pairs.filter((pair) => pair.found !== undefined).length === found);
}
