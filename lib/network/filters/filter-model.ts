import { map } from 'rxjs';
import type { GettfilterReply } from '../../families/tc.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import { FieldError } from '../common/field-error.js';
import { Row } from '../common/written.js';
import type { Normal } from '../fields/shape.js';
import { sameValue } from '../../live/internal.js';
import { merge } from '../tables/compare.js';
import { step } from '../tables/step.js';
import type { TableModel, Update, Wanted } from '../tables/table-model.js';
import { actionLinks, checkGivenActions, includes, renameActionLinks, sameActions } from './actions/action-rows.js';
import { sameHandle } from './filter-handle.js';
import { kindOf } from './filter-kinds.js';
import { filterDeletion, filterOf, filterRequest, parentNumber } from './filter-rows.js';
import { checkFilter, FILTER_STATE, filterKeyShape, filterShape } from './filter-shape.js';
import { completeMatch, type Match } from './match/match-check.js';
import { readFilters } from './read-filters.js';
import type { FilterParent, TrafficFilter } from './traffic-filter.js';

const IDENTITY = ['link', 'parent', 'chain', 'priority', 'protocol', 'handle'] as const;

/** The rows of filters below the root qdisc; they have its handle. */
const atRoot = new WeakSet<object>();

/** Returns true if a filter is below a parent; `root` is the root qdisc, whatever its handle. */
function hasParent(wanted: unknown, filter: TrafficFilter): boolean {
  return wanted === filter.parent || (wanted === 'root' && atRoot.has(filter[Row]));
}

/** Returns what the verbs need to know about filters. @internal */
export function filterModel({ tc }: Pick<NetworkClients, 'tc'>): TableModel<TrafficFilter> {
  return {
    table: 'filters',
    noun: 'filter',
    typical: { spec: '{ link, parent, priority, kind }' },
    shape: filterShape,
    key: filterKeyShape,
    state: FILTER_STATE,
    always: ['linkIndex', 'protocol', 'handle'],
    keyNeeds: ['link', 'parent'],
    identity: IDENTITY,
    missing: ['ENOENT', 'ENODEV'],
    // u32 reports a handle that is in use so.
    exists: ['ENOSPC'],
    linkFields: ['link'],
    moreLinks: actionLinks,
    renameLinks: renameActionLinks,
    linkIndexes: linksOf,
    namesByKey: false,
    complete: completeMatch,
    checkGiven: ({ actions }: { readonly actions?: unknown }) => checkGivenActions(actions, 'actions'),
    check: checkFilter,
    nameOf: filterName,
    slot: ({ link }) => String(link),
    matches: (filter, key) =>
      hasParent(key['parent'] ?? filter.parent, filter) &&
      sameHandle(key['handle'] ?? filter.handle, filter.handle) &&
      (['link', 'chain', 'priority', 'protocol'] as const).every((name) => key[name] === undefined || key[name] === filter[name]),
    keyOf: ({ link, parent, chain = 0, priority, protocol, handle }) =>
      Object.fromEntries(Object.entries({ link, parent, chain, priority, protocol, handle }).filter(([, value]) => value !== undefined)),
    read: (names, key = {}) =>
      readFilters(tc, names, key).pipe(
        map((found) =>
          found.flatMap(({ row, atRoot: isAtRoot }) => {
            const filter = filterOf(row, names, true);
            if (filter === undefined) return [];
            if (isAtRoot) atRoot.add(row);
            return [filter];
          }),
        ),
      ),
    fromRow: (row, names) => filterOf(row as GettfilterReply, names),
    watchRequest: ({ linkIndex, parent }) => {
      if (parent === 'root') throw new FieldError('parent', "filters have the handle of their qdisc; write that instead, such as '1:'");
      return {
        ...(typeof linkIndex === 'number' && { ifindex: linkIndex }),
        ...(typeof parent === 'string' && { parent: parentNumber(parent as FilterParent) }),
      };
    },
    rows: (request) => tc.tableOf('gettfilter', request),
    // `read` selects the filters of the root qdisc, which have its handle.
    filter: { parent: (wanted, found) => wanted === 'root' || wanted === found },
    equal: {
      parent: (wanted, _found, filter) => hasParent(wanted, filter),
      handle: sameHandle,
      match: (wanted, found) => sameValue(wanted ?? {}, found ?? {}),
      actions: sameActions,
      options: (wanted, found) => sameOptions(wanted, found),
    },
    merge: (filter, wanted) => ({ ...merge(filter, wanted), ...(wanted['match'] !== undefined && { match: wanted['match'] }) }),
    create: (wanted, names) => {
      checkFilter(wanted);
      return [step(tc, 'newtfilter', filterRequest(wanted, names), { create: true, exclusive: true, echo: true })];
    },
    update: (filter, wanted, changed, names): Update => {
      checkFilter(wanted);
      const fixed = changed.filter((name) => isFixed(name, filter, wanted));
      if (fixed.length > 0) return { recreate: fixed };
      return { steps: [step(tc, 'newtfilter', filterRequest(wanted, names, filter[Row]))] };
    },
    remove: (filter) => [step(tc, 'deltfilter', filterDeletion(filter) as never)],
  };
}

/** Returns true if the kernel cannot change a property in place. */
function isFixed(name: string, filter: TrafficFilter, wanted: Wanted): boolean {
  const { match, fixed } = kindOf(filter.kind);
  if (fixed.includes(name)) return true;
  // The kernel takes an action that has the number as it is, whatever its other properties are.
  if (name === 'actions') return hasNumber(wanted['actions']) || hasNumber(filter.actions);
  if (name !== 'match' || wanted['kind'] !== filter.kind) return false;
  const from = (filter.match ?? {}) as Match;
  const to = (wanted['match'] ?? {}) as Match;
  return match?.isChangeable?.(from, to, filter.protocol ?? 'all') !== true;
}

function hasNumber(actions: unknown): boolean {
  return ((actions ?? []) as readonly Normal[]).some(({ index }) => index !== undefined);
}

/** A program is written by its descriptor, and read by its number and its name. */
function sameOptions(wanted: unknown, found: unknown): boolean {
  const { fd: _descriptor, ...options } = (wanted ?? {}) as Readonly<Record<string, unknown>>;
  return includes(options, found ?? {});
}

/** Returns the indexes of the links that a row names. */
function linksOf(row: object): readonly number[] {
  const { ifindex, options } = row as { readonly ifindex: number; readonly options?: { readonly act?: readonly Normal[] } };
  const targets = (options?.act ?? []).map(
    (action) => (action['options'] as { readonly parms?: { readonly ifindex?: number } } | undefined)?.parms?.ifindex,
  );
  return [ifindex, ...targets.filter((index) => index !== undefined && index !== 0)] as readonly number[];
}

/** Names a filter in words: `u32 priority 10 ip on eth0 ingress`. */
function filterName(filter: Wanted): string {
  const { link, parent, chain, priority, protocol, handle, kind } = filter as { readonly [K in keyof TrafficFilter]?: TrafficFilter[K] };
  return nameText`${kind} priority ${priority} ${protocol} ${handle} chain ${chain === 0 ? undefined : chain} on ${link} ${parent}`;
}
