import type { Link } from '../../links/link.js';
import type { ParsedDocument, ParsedLink, ProtocolTable } from '../parse/parsed-document.js';
import { planTraffic } from '../traffic/plan-traffic.js';
import { trafficLink } from '../traffic/traffic-link.js';
import { matchLinks } from '../state/match-links.js';
import { renamedState } from '../state/renamed-state.js';
import { planLinks } from './plan-links.js';
import { planLists } from './plan-lists.js';
import { planProtocolTable } from './plan-protocol-table.js';
import type { DocumentModels, NamespacePlan, Phase, PlannedChange, State } from './planned-change.js';

const PHASES: readonly Phase[] = [
  ...(['clear', 'create-links', 'settings', 'addresses', 'nexthops', 'link-routes', 'routes', 'rules', 'neighbours'] as const),
  ...(['traffic', 'delete'] as const),
];

/** The tables with a protocol, in the order of their deletion. */
const TABLES: readonly ProtocolTable[] = ['rules', 'routes', 'nexthops'];

/** Plans the changes of one network namespace. @throws FieldError @internal */
export function planNamespace(models: DocumentModels, parsed: ParsedDocument, state: State): NamespacePlan {
  const given = (state.objects.links ?? []) as readonly Link[];
  const matched = matchLinks(parsed.links, given);
  const renames = new Map(
    [...matched].flatMap(([{ name, match, absent }, link]) =>
      match === undefined || absent || link.name === name ? [] : [[link.index, name]],
    ),
  );
  const renamed = renamedState(models, state, renames);
  const byIndex = new Map(((renamed.objects.links ?? []) as readonly Link[]).map((link) => [link.index, link]));
  const found = new Map([...matched].map(([link, { index }]): [ParsedLink, Link] => [link, byIndex.get(index)!]));
  const links = planLinks(models, parsed, found, renamed);
  const lists = parsed.links.filter(({ absent }) => !absent).flatMap((link) => planLists(models, links.left, link));
  const tables = TABLES.map((table) => planProtocolTable(models, links.left, table, parsed, links.isLink));
  const traffic = parsed.links
    .filter(({ absent }) => !absent)
    .flatMap((link) => planTraffic(trafficLink(link, found.get(link), links.left), link.traffic, links.left, models));
  const changes = [...links.changes, ...tables.flatMap((table) => table.changes), ...lists, ...traffic, ...links.deletions];
  return { changes: inPhases(changes), conflicts: tables.flatMap(({ conflicts }) => conflicts), effects: [], state };
}

/** Sorts by phase; in each, the order stays. */
function inPhases(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const order = new Map(PHASES.map((phase, index) => [phase, index]));
  return [...changes].sort((one, other) => order.get(one.phase)! - order.get(other.phase)!);
}
