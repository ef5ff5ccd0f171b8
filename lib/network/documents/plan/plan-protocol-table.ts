import { FieldError } from '../../common/field-error.js';
import { each, translated, type Work } from '../../common/slices.js';
import { placeOf, unknownLink } from '../../common/place-of.js';
import { withProperties } from '../../common/with-properties.js';
import { isAsWanted } from '../../tables/compare.js';
import { linksOf, withLinkNames } from '../../tables/linked.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import { KERNEL_ROUTE } from '../parse/check-document.js';
import type { ParsedDocument, ParsedObject, ProtocolTable } from '../parse/parsed-document.js';
import { finder } from './find-object.js';
import { planAdd, planChange, planDelete } from './plan-object.js';
import type { PlanDifference } from './plan.js';
import type { LinkPlan } from './links/plan-links.js';
import type { DocumentModels, Phase, PlannedChange, State } from './planned-change.js';

/** The changes of one table, and the objects of others in their way. @internal */
export interface TablePlan {
  readonly changes: readonly PlannedChange[];
  readonly conflicts: readonly PlanDifference[];
}

type WithProtocol = { readonly protocol?: string | number; readonly table?: string | number; readonly link?: string };

/** Plans the routes, the rules or the nexthops of a document. Deletions come last. @internal */
export function* planProtocolTable(
  models: DocumentModels,
  { left: state, gone, isLink }: Pick<LinkPlan, 'left' | 'gone' | 'isLink'>,
  table: ProtocolTable,
  { objects, owns }: ParsedDocument,
): Work<TablePlan> {
  const listed = objects[table];
  if (listed === undefined) return { changes: [], conflicts: [] };
  const model = models[table];
  const all = state.objects[table] ?? [];
  const { find, isRepeated } = yield* finder(model, all);
  const isOwner = owns.protocol !== undefined;
  /** The objects of the kernel that the document lists, if others may be deleted. */
  const kept = new Set<object>();
  const conflicts: PlanDifference[] = [];
  const changes: PlannedChange[] = [];
  const ids = new Set([...(state.objects.nexthops ?? []), ...(objects.nexthops ?? []).map(({ wanted }) => wanted)].map(idOf));
  const isNexthop = (id: unknown): boolean => ids.has(id);
  yield* each(listed, (object) => {
    const wanted = resolved(model, object, state);
    if (object.absent) {
      const place = { model, path: object.path, phase: 'delete' } as const;
      for (const found of all) if (model.matches(found, wanted)) changes.push(planDelete(place, found));
      return;
    }
    requireLinks(model, object, isLink);
    requireNexthops(object, isNexthop);
    const protocol = (wanted['protocol'] as string | number | undefined) ?? owns.protocol ?? 'static';
    const candidates = find(wanted === object.wanted ? object.key : model.keyOf(wanted));
    const complete = object.takeOver ? withProperties(wanted, { protocol }) : wanted;
    const before = candidates.length < 2 ? candidates[0] : bestOf(candidates, complete, protocol, model);
    if (before !== undefined && isOwner) kept.add(before);
    if (before !== undefined && isAsWanted(complete, before, model.equal)) return;
    const { path } = object;
    const place = { model, path, phase: phaseOf(table, wanted), names: state.names };
    if (before === undefined) {
      changes.push(planAdd(place, hasProtocol(model, wanted, owns.protocol) ? withProperties(wanted, { protocol }) : wanted));
      return;
    }
    const change = planChange(place, before, complete);
    if (change === undefined) return;
    const { protocol: present, link } = before as WithProtocol;
    if (object.takeOver && present === 'kernel') throw new FieldError(`${path}.takeOver`, KERNEL_ROUTE, 'conflict');
    // A route over a link that is deleted goes with it.
    if (object.takeOver || present === protocol || table === 'rules' || (link !== undefined && gone.has(link))) changes.push(change);
    else conflicts.push({ ...change.difference, text: `${change.difference.text} (it has protocol ${present ?? 'none'})` });
  });
  const tables = table === 'routes' ? ownedTables(model, owns, listed, state) : undefined;
  if (owns.protocol === undefined) return { changes: table === 'nexthops' ? byMembers(changes) : changes, conflicts };
  const unlisted = isOwned(owns.protocol, tables);
  const deleted = new Set(changes.filter(({ action }) => action === 'delete').map(({ before }) => before));
  const owned = yield* translated(all, (object) => {
    if (kept.has(object) || deleted.has(object) || !unlisted(object)) return undefined;
    // The kernel may hold equal rules.
    if (table !== 'rules' && isRepeated(object, kept)) return undefined;
    return planDelete({ model, path: '', phase: 'delete' }, object);
  });
  return { changes: table === 'nexthops' ? byMembers([...changes, ...owned]) : [...changes, ...owned], conflicts };
}

const idOf = (nexthop: object): unknown => (nexthop as { readonly id?: unknown }).id;

/** Returns, of several objects in one place, the first that has all wanted properties, else the first with a protocol. */
function bestOf(candidates: readonly object[], wanted: Wanted, protocol: string | number, { equal }: TableModel<object>): object {
  const right = candidates.find((candidate) => isAsWanted(wanted, candidate, equal));
  return right ?? candidates.find((candidate) => (candidate as WithProtocol).protocol === protocol) ?? candidates[0]!;
}

/** A group needs its members: it is written behind them, and deleted before. */
function byMembers(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const rank = ({ action, before, wanted }: PlannedChange): number => {
    const { group } = (wanted ?? before) as { readonly group?: unknown };
    const isGroup = group !== undefined;
    return action === 'delete' ? Number(!isGroup) : Number(isGroup);
  };
  return [...changes].sort((one, other) => rank(one) - rank(other));
}

/** Only what the document owns, or names a protocol for, gets one; the kernel has defaults otherwise. */
function hasProtocol(model: TableModel<object>, wanted: Wanted, owned: string | number | undefined): boolean {
  return Object.hasOwn(model.shape.fields, 'protocol') && (wanted['protocol'] !== undefined || owned !== undefined);
}

/** Returns a test for objects that a document owns; of routes, those in some tables. */
function isOwned(
  protocol: string | number,
  tables: ReadonlySet<string | number | undefined> | undefined,
): (object: WithProtocol) => boolean {
  return (object) => object.protocol === protocol && (tables === undefined || tables.has(object.table));
}

/** Returns the routing tables whose routes a document owns; undefined if it owns none. */
function ownedTables(
  model: TableModel<object>,
  { tables, protocol }: ParsedDocument['owns'],
  listed: readonly ParsedObject[],
  state: State,
): ReadonlySet<string | number | undefined> | undefined {
  if (tables === undefined && protocol === undefined) return undefined;
  const named =
    tables?.map((table, index) => [table, () => `owns.tables[${index}]`] as const) ??
    listed.map((object) => [(object.wanted as WithProtocol).table ?? 'main', () => `${object.path}.table`] as const);
  const owned = named.map(([table, pathOf]) => tableOf(model, table, pathOf, state));
  return new Set(tables === undefined ? ['main', ...owned] : owned);
}

/** Replaces the name of a VRF by its table, and alternative names of links by names. */
function resolved(model: TableModel<object>, object: ParsedObject, state: State): Wanted {
  const named = withLinkNames(model, object.wanted, state.names);
  const { table } = named as WithProtocol;
  const found = table === undefined ? undefined : tableOf(model, table, () => `${object.path}.table`, state);
  return found === table ? named : { ...named, table: found };
}

/** Returns a routing table as readers name it; a name may be that of a VRF. @throws FieldError `unknown-name` */
function tableOf({ tableNames }: TableModel<object>, table: string | number, pathOf: () => string, { vrfTables }: State): string | number {
  if (tableNames === undefined || typeof table === 'number' || tableNames.has(table)) return table;
  return tableNames.check(vrfTables.get(table) ?? table, pathOf());
}

function requireLinks(model: TableModel<object>, object: ParsedObject, isLink: (name: string) => boolean): void {
  for (const name of linksOf(model, object.wanted))
    if (!isLink(name)) throw unknownLink(`${object.path}${placeOf(object.wanted, name) ?? '.link'}`, name);
}

/** @throws FieldError if a route or a group names a nexthop that neither exists nor is listed. */
function requireNexthops(object: ParsedObject, isNexthop: (id: unknown) => boolean): void {
  const { nexthop, group } = object.wanted as {
    readonly nexthop?: number | null;
    readonly group?: readonly { readonly id: number }[] | null;
  };
  if ((nexthop ?? group ?? undefined) === undefined) return;
  const named = [['nexthop', nexthop ?? undefined], ...(group ?? []).map(({ id }, index) => [`group[${index}].id`, id] as const)] as const;
  for (const [place, id] of named)
    if (id !== undefined && !isNexthop(id))
      throw new FieldError(`${object.path}.${place}`, `no nexthop has the id ${id}, and the document lists none`, 'unknown-name');
}

function phaseOf(table: ProtocolTable, wanted: Wanted): Phase {
  if (table !== 'routes') return table;
  if (wanted['via'] !== undefined || wanted['nexthop'] !== undefined) return 'routes';
  const hops = wanted['hops'] as readonly { readonly via?: string }[] | null | undefined;
  return hops?.some(({ via }) => via !== undefined) === true ? 'routes' : 'link-routes';
}
