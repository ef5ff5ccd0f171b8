import { each, type Work } from '../../common/slices.js';
import type { Address } from '../../addresses/address.js';
import { requireVxlan } from '../../fdb/fdb-model.js';
import { isAsWanted } from '../../tables/compare.js';
import { withLinkNames } from '../../tables/linked.js';
import type { ListTable, ParsedLink } from '../parse/parsed-document.js';
import { at } from '../parse/path.js';
import { configuredTest } from './configured.js';
import { finder } from './find-object.js';
import { mergedOf, planAdd, planAgain, planChange, planDelete } from './plan-object.js';
import type { DocumentModels, Phase, PlannedChange, State } from './planned-change.js';

const TABLES: readonly ListTable[] = ['addresses', 'neighbours', 'fdb'];

const PHASES: Readonly<Record<ListTable, Phase>> = { addresses: 'addresses', neighbours: 'neighbours', fdb: 'neighbours' };

/** The addresses, neighbours and forwarding entries of each link, by its name. @internal */
export type ObjectsOnLinks = Readonly<Record<ListTable, ReadonlyMap<string | undefined, readonly object[]>>>;

/** Sorts the objects of links by the name of the link. @internal */
export function* objectsOnLinks({ objects }: Pick<State, 'objects'>): Work<ObjectsOnLinks> {
  const onLinks = { addresses: new Map(), neighbours: new Map(), fdb: new Map() } as Record<ListTable, Map<string | undefined, object[]>>;
  for (const table of TABLES)
    yield* each(objects[table] ?? [], (object) => {
      const { link } = object as { readonly link?: string };
      const group = onLinks[table].get(link);
      if (group === undefined) onLinks[table].set(link, [object]);
      else group.push(object);
    });
  return onLinks;
}

/** Plans the addresses, neighbours and forwarding entries of one link. Deletions come last. @param kind - The kind of the link. @internal */
export function* planLists(
  models: DocumentModels,
  state: State,
  onLinks: ObjectsOnLinks,
  link: ParsedLink,
  kind: string | undefined,
): Work<PlannedChange[]> {
  const changes: PlannedChange[] = [];
  for (const { wanted, path } of link.lists.fdb ?? []) at(path, () => requireVxlan(wanted, () => kind === 'vxlan'));
  for (const table of TABLES) if (link.lists[table] !== undefined) yield* planList(models, state, onLinks, link, table, changes);
  return changes;
}

/** Plans one list of a link. @param changes - The changes are added to it. */
function* planList(
  models: DocumentModels,
  state: State,
  onLinks: ObjectsOnLinks,
  { lists, name, path }: ParsedLink,
  table: ListTable,
  changes: PlannedChange[],
): Work<void> {
  const model = models[table];
  const { names } = state;
  const link = names.nameOf(names.indexOf(name) ?? -1) ?? name;
  const all = onLinks[table].get(link) ?? [];
  const { find, isRepeated } = yield* finder(model, all);
  const kept = new Set<object>();
  yield* each(lists[table]!, (entry) => {
    const wanted = withLinkNames(model, entry.wanted, names);
    const key = wanted === entry.wanted ? entry.key : model.keyOf(wanted);
    const found = find(key);
    const before = found.length < 2 ? found[0] : (found.find((object) => model.isExactly?.(object, key)) ?? found[0]);
    if (before !== undefined) kept.add(before);
    // The kernel tests an address for duplicates once.
    const isAgain = (before as Partial<Address> | undefined)?.dadFailed === true;
    // Most objects are as wanted, and need no path.
    if (before !== undefined && !isAgain && isAsWanted(wanted, before, model.equal)) return;
    const place = { model, path: entry.path, phase: PHASES[table], names };
    if (before === undefined) {
      changes.push(planAdd(place, wanted));
      return;
    }
    const change = isAgain ? planAgain(place, before, wanted, mergedOf(model, before, wanted)) : planChange(place, before, wanted);
    if (change !== undefined) changes.push(change);
  });
  const isOwned = configuredTest(table, all, state);
  yield* each(all, (object) => {
    if (kept.has(object) || !isOwned(object) || isRepeated(object, kept)) return;
    changes.push(planDelete({ model, path: `${path}.${table}`, phase: 'delete' }, object));
  });
}
