import type { SetelemAttrsInput } from '../../../families/nftables.js';
import type { Difference } from '../../tables/verbs.js';
import type { FirewallTableKey } from '../firewall.js';
import { elementRows, elementText, type Element } from '../objects/element.js';
import type { SetThing } from '../objects/set.js';
import { CREATE, type Operation, type Scope } from '../objects/thing.js';
import { canonical } from './canonical.js';
import { carryState } from './carry-state.js';
import { changedSettings, changesText, difference, sameTime } from './difference.js';
import type { FoundSet } from '../state/found-table.js';
import { mergeIntervals, mergedGroups } from './merge-intervals.js';
import { usedByElement } from './references.js';
import type { Steps } from './steps.js';
import type { WantedSet } from './wanted-table.js';

/** The planning of the elements of one set. @internal */
export interface ElementsTask {
  readonly table: FirewallTableKey;
  readonly scope: Scope;
  readonly wanted: WantedSet;
  /** The set of the kernel, if its elements have the same form. */
  readonly found: FoundSet | undefined;
  /** True if the set is created, so that it has no elements yet. */
  readonly isNew: boolean;
  /** The identities of things that are created again. */
  readonly recreated: ReadonlySet<string>;
}

/** Plans the elements of a set, one by one. @internal */
export function planElements(task: ElementsTask, steps: Steps, differences: Difference[]): void {
  const { wanted, found, isNew, recreated, scope } = task;
  const { set } = wanted;
  const { layout, autoMerge } = set;
  const there = found?.elements ?? [];
  // The document does not own the elements of a set that it only declares.
  const list = wanted.elements === undefined ? there : autoMerge ? mergeIntervals(wanted.elements) : wanted.elements;
  const kept = autoMerge && wanted.elements !== undefined ? mergedGroups(there) : new Map(there.map((element) => [element.id, [element]]));
  const [added, deleted, released]: Element[][] = [[], [], []];
  const name = (element: Element): string => `element ${task.table.family} ${task.table.name} ${set.name}: ${elementText(layout, element)}`;
  const hasStatements = set.statements.length > 0;
  for (const element of list) {
    const group = kept.get(element.id);
    kept.delete(element.id);
    const [old] = group ?? [];
    if (old === undefined) {
      added!.push(element);
      differences.push(difference('add', name(element)));
      continue;
    }
    const changes = isBare(element) && isBare(old) ? undefined : changedElement(element, old, hasStatements);
    const isChanged = changes !== undefined && Object.keys(changes).length > 0;
    if (isChanged) differences.push(difference('change', name(element), changesText(changes), changes));
    const used = usedByElement(layout, old);
    const isReleased = used !== undefined && recreated.has(used);
    if (isNew || isChanged || isReleased) added!.push(carried(element, old));
    if (!isNew && isReleased) released!.push(...group!);
    else if (!isNew && isChanged) deleted!.push(...group!);
  }
  for (const group of kept.values()) {
    for (const element of group) {
      differences.push(difference('delete', name(element)));
      if (!isNew) deleted!.push(element);
    }
  }
  const rows = (elements: readonly Element[], isDeleted: boolean): readonly (readonly SetelemAttrsInput[])[] =>
    elements.map((element) => elementRows(layout, element, isDeleted));
  steps.release.push(...elementOperations(scope, set, deletion(set), rows(released!, true)));
  steps.elements.push(...elementOperations(scope, set, deletion(set), rows(deleted!, true)));
  steps.elements.push(...elementOperations(scope, set, 'newsetelem', rows(added!, false)));
}

/** Elements that expire or that packets delete may be gone without another generation. */
function deletion({ flags }: SetThing): 'delsetelem' | 'destroysetelem' {
  return flags.includes('timeout') || flags.includes('dynamic') ? 'destroysetelem' : 'delsetelem';
}

/** Returns true for an element that is only a key, as those of large sets are. */
function isBare({ data, timeout, comment, expressions }: Element): boolean {
  return data === undefined && timeout === undefined && comment === undefined && expressions.length === 0;
}

function changedElement(wanted: Element, found: Element, hasStatements: boolean): NonNullable<Difference['changes']> {
  const settings = ({ data, timeout, comment, expressions }: Element): Readonly<Record<string, unknown>> => ({
    ...(data !== undefined && { data: canonical(data) }),
    ...(comment !== undefined && { comment }),
    ...(timeout !== undefined && { timeout }),
    ...(!hasStatements && expressions.length > 0 && { counter: true }),
  });
  const changes = changedSettings(settings(wanted), settings(found));
  if ('timeout' in changes && sameTime(wanted.timeout, found.timeout)) return {};
  return changes;
}

/** Returns an element with the counter of the one that it replaces. */
function carried(wanted: Element, found: Element): Element {
  if (wanted === found) return wanted;
  return { ...wanted, expressions: carryState(wanted.expressions, found.expressions) as Element['expressions'] };
}

/** Bytes of the elements in one message; a list of attributes has at most 65,535. */
const MOST = 32_768;

/** Bytes of an element without its key, data and user data, at most: headers, a timeout, a counter. */
const OVERHEAD = 160;

/** Returns the operations for rows of elements; rows that belong together stay in one message. @internal */
export function elementOperations(
  scope: Scope,
  { name }: Pick<SetThing, 'name'>,
  op: 'newsetelem' | 'delsetelem' | 'destroysetelem',
  groups: readonly (readonly SetelemAttrsInput[])[],
): readonly Operation[] {
  const operations: Operation[] = [];
  let [chunk, size]: [SetelemAttrsInput[], number] = [[], 0];
  const flush = (): void => {
    if (chunk.length === 0) return;
    const request = { ...scope, set: name, elements: { elem: chunk } };
    operations.push(op === 'newsetelem' ? { op, request, options: CREATE } : { op, request });
    [chunk, size] = [[], 0];
  };
  for (const group of groups) {
    const bytes = group.reduce((sum, row) => sum + rowSize(row), 0);
    if (size + bytes > MOST) flush();
    chunk.push(...group);
    size += bytes;
  }
  flush();
  return operations;
}

function rowSize({ key, keyEnd, data, userdata }: SetelemAttrsInput): number {
  const lengths = [key?.value, keyEnd?.value, data?.value, userdata].map((value) => value?.length ?? 0);
  return lengths.reduce((sum, length) => sum + length, OVERHEAD);
}
