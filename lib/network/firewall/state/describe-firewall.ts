import { TableFlags } from '../../../families/nftables.js';
import type { Read } from '../../common/written.js';
import type { Firewall, FirewallChain, FirewallTable, FirewallTableKey, NamedMap, NamedSet } from '../firewall.js';
import { chainDocument } from '../objects/chain.js';
import { elementDocument } from '../objects/element.js';
import { timeDocument } from '../objects/element-time.js';
import { flowtableDocument } from '../objects/flowtable.js';
import { listOf, objectDocument } from '../objects/named-object.js';
import { commentOf } from '../objects/userdata.js';
import { readRule } from '../rules/read-rule.js';
import type { RuleContext } from '../rules/rule-context.js';
import type { FirewallState } from './firewall-state.js';
import { foundTable, ruleContext, type FoundChain, type FoundSet, type FoundTable } from './found-table.js';

/** Options of describing. @internal */
export interface DescribeFirewallOptions {
  /** Describes these tables only. */
  readonly tables?: readonly FirewallTableKey[];
}

/**
 * Returns the document of tables that were read: a plan of it is empty.
 *
 * It omits values of counters, remaining times, and the elements of dynamic sets, because packets add them.
 *
 * @internal
 */
export function describeFirewall({ tables }: FirewallState, options: DescribeFirewallOptions = {}): Firewall<Read> {
  const wanted = options.tables;
  const chosen = tables.filter(({ family, name }) => wanted?.some((key) => key.family === family && key.name === name) ?? true);
  return { tables: chosen.map((table) => describeTable(foundTable(table))) };
}

function describeTable(found: FoundTable): FirewallTable<Read> {
  const { family, name, row } = found.state;
  const context = ruleContext(family, (set) => found.sets.get(set)?.set);
  const comment = commentOf(row.userdata);
  const sets = [...found.sets.values()];
  const lists = {
    flowtables: found.flowtables.map(flowtableDocument),
    ...objectLists(found),
    sets: sets.filter(({ set }) => set.noun === 'set').map((set) => describeSet<NamedSet<Read>>(set)),
    maps: sets.filter(({ set }) => set.noun === 'map').map((set) => describeSet<NamedMap<Read>>(set)),
    chains: [...found.chains.values()].map((chain) => describeChain(chain, context)),
  };
  return {
    family,
    name,
    ...(comment !== undefined && { comment }),
    ...(((row.flags ?? 0) & TableFlags.Dormant) !== 0 && { dormant: true }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
  };
}

function objectLists({ objects }: FoundTable): Pick<FirewallTable<Read>, 'counters' | 'quotas' | 'limits' | 'objects'> {
  const lists: Record<string, object[]> = {};
  for (const object of objects) (lists[listOf(object.type)] ??= []).push(objectDocument(object));
  return lists;
}

/** The times among the settings of a set. */
const TIMES = ['timeout', 'gcInterval'] as const;

function describeSet<Document extends NamedSet<Read> | NamedMap<Read>>({ set, elements }: FoundSet): Document {
  const { name, layout, settings, flags, statements } = set;
  const times = Object.fromEntries(
    TIMES.flatMap((time) => (settings[time] === undefined ? [] : [[time, timeDocument(settings[time] as number)]])),
  );
  const document: Readonly<Record<string, unknown>> = { name, ...settings, ...times };
  if (flags.includes('dynamic')) return document as unknown as Document;
  const list = elements.map((element) => elementDocument(layout, element, statements.length > 0));
  return { ...document, elements: list } as unknown as Document;
}

function describeChain({ chain, rules }: FoundChain, context: RuleContext): FirewallChain {
  return { ...chainDocument(chain), ...(rules.length > 0 && { rules: rules.map((rule) => readRule(rule, rule.comment, context)) }) };
}
