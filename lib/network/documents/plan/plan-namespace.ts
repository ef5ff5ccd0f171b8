import { unknownLink } from '../../common/place-of.js';
import { joined } from '../../common/joined.js';
import { each, isSliceOver, type Work } from '../../common/slices.js';
import type { Link } from '../../links/link.js';
import type { TableModel } from '../../tables/table-model.js';
import type { ParsedDocument, ParsedLink, ProtocolTable } from '../parse/parsed-document.js';
import { matchLinks } from '../state/match-links.js';
import { renamedState } from '../state/renamed-state.js';
import { planTraffic } from '../traffic/plan-traffic.js';
import { trafficLink } from '../traffic/traffic-link.js';
import { differenceOf } from './difference.js';
import { effectsOf } from './effects.js';
import { planLinks } from './links/plan-links.js';
import { objectsOnLinks, planLists } from './plan-lists.js';
import { planProtocolTable, type TablePlan } from './plan-protocol-table.js';
import type { NamespacePlan, Phase, PlanContext, PlannedChange, State } from './planned-change.js';
import { planRenames, type Rename } from './links/rename-links.js';

const PHASES: readonly Phase[] = [
  ...(['clear', 'create-links', 'settings', 'addresses', 'nexthops', 'link-routes', 'routes', 'rules', 'neighbours'] as const),
  ...(['traffic', 'delete'] as const),
];

/** The tables with a protocol, in the order of their deletion. */
const TABLES: readonly ProtocolTable[] = ['rules', 'routes', 'nexthops'];

/** Plans the changes of one network namespace. @throws FieldError @internal */
export function* planNamespace(context: PlanContext, parsed: ParsedDocument, state: State): Work<NamespacePlan> {
  const { models, clients } = context;
  const all = (state.objects.links ?? []) as readonly Link[];
  const matched = matchLinks(parsed.links, all);
  const renames = renamesOf(matched);
  const renamed = renamedState(
    models,
    state,
    new Map([...displaced(renames, all), ...renames.map(({ link, to }) => [link.index, to] as const)]),
  );
  const byIndex = new Map(((renamed.objects.links ?? []) as readonly Link[]).map((link) => [link.index, link]));
  const found = new Map([...matched].map(([link, { index }]): [ParsedLink, Link] => [link, byIndex.get(index)!]));

  const links = planLinks(context, parsed, found, renamed);
  const deleted = new Set(links.deletions.map(({ before }) => (before as Link).index));
  const names = planRenames(models.links, clients.link, renames, all, deleted);
  const present = parsed.links.filter(({ absent }) => !absent);
  const onLinks = yield* objectsOnLinks(links.left);
  const lists: PlannedChange[] = [];
  for (const link of present) {
    const kind = (link.wanted['kind'] as string | undefined) ?? found.get(link)?.kind;
    for (const change of yield* planLists(models, links.left, onLinks, link, kind)) lists.push(change);
    if (isSliceOver()) yield;
  }
  for (const { path, traffic } of present) requireTargets(traffic, path, links.isLink);
  const traffic = present.flatMap((link) => planTraffic(trafficLink(link, found.get(link), links.left), link.traffic, links.left, models));
  const tables: TablePlan[] = [];
  for (const table of TABLES) tables.push(yield* planProtocolTable(models, links, table, parsed));
  const deletions = freeing(models.links, renames, links.deletions, all);
  const changes = yield* inPhases([names, links.changes, ...tables.map((table) => table.changes), lists, traffic, deletions]);
  const effects = yield* effectsOf(models, parsed, renamed, links.gone, changes);
  return { changes, conflicts: tables.flatMap(({ conflicts }) => conflicts), effects, state, isLink: links.isLink };
}

/** @throws FieldError if an action leads to a missing link. */
function requireTargets(value: object, path: string, isLink: (name: string) => boolean): void {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const place = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    if (typeof inner === 'object' && inner !== null && key !== 'options') requireTargets(inner, place, isLink);
    else if (key === 'link' && typeof inner === 'string' && !isLink(inner)) throw unknownLink(place, inner);
  }
}

/** A link without a match keeps its name: the document may name it by an alternative one. */
function renamesOf(matched: ReadonlyMap<ParsedLink, Link>): readonly Rename[] {
  return [...matched].flatMap(([{ name, match, absent, path }, link]) =>
    match === undefined || absent || link.name === name ? [] : [{ path, link, to: name }],
  );
}

/** Returns other names for links whose names others get, so that the names in the state are unique. The colon is not valid in a name. */
function displaced(renames: readonly Rename[], all: readonly Link[]): readonly (readonly [index: number, name: string])[] {
  const taken = new Set(renames.map(({ to }) => to));
  return all.flatMap(({ name, index }) => (taken.has(name) ? [[index, `${name}:${index}`] as const] : []));
}

/** A link whose name another one gets is deleted first. */
function freeing(
  model: TableModel<object>,
  renames: readonly Rename[],
  deletions: readonly PlannedChange[],
  all: readonly Link[],
): readonly PlannedChange[] {
  const taken = new Set(renames.map(({ to }) => to));
  return deletions.map((change) => {
    const before = all.find(({ index }) => index === (change.before as Link).index)!;
    return taken.has(before.name)
      ? { ...change, before, phase: 'clear', difference: differenceOf(model, 'delete', { ...before }) }
      : change;
  });
}

/** Sorts by phase; in each, the order stays. */
function* inPhases(lists: readonly (readonly PlannedChange[])[]): Work<readonly PlannedChange[]> {
  const phases = new Map(PHASES.map((phase) => [phase, [] as PlannedChange[]]));
  for (const changes of lists) yield* each(changes, (change) => void phases.get(change.phase)!.push(change));
  return joined([...phases.values()]);
}
