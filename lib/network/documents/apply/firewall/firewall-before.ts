import type { AbsentFirewallTable, Firewall, FirewallTable } from '../../../firewall/index.js';
import { describeFirewall } from '../../../firewall/state/describe-firewall.js';
import type { FirewallState } from '../../../firewall/state/firewall-state.js';

const LISTS = ['chains', 'sets', 'maps', 'counters', 'quotas', 'limits', 'objects', 'flowtables'] as const;

type List = (typeof LISTS)[number];
type Entry = { readonly name: string; readonly elements?: unknown; readonly rules?: unknown };
type Table = FirewallTable | AbsentFirewallTable;

const listOf = (table: Table | undefined, list: List): readonly Entry[] => (table as FirewallTable | undefined)?.[list] ?? [];

/**
 * Returns the document that brings tables back as they were before another document was written.
 *
 * What other programs have added since then stays, as do the elements of sets and the rules of chains that the document only declares.
 *
 * @param wanted - The document that was written.
 * @internal
 */
export function firewallBefore(wanted: Firewall, before: FirewallState, now: FirewallState): Firewall {
  const [was, is] = [tablesOf(before), tablesOf(now)];
  return {
    tables: wanted.tables.map((table): Table => {
      const key = keyOf(table);
      const old = was.get(key);
      if (old === undefined) return { family: table.family, name: table.name, absent: true };
      return { ...old, ...Object.fromEntries(LISTS.map((list) => [list, entriesBefore(list, table, old, is.get(key))])) };
    }),
  };
}

function entriesBefore(list: List, wanted: Table, old: FirewallTable, now: FirewallTable | undefined): readonly Entry[] {
  const [written, was, is] = [wanted, old, now].map((table) => new Map(listOf(table, list).map((entry) => [entry.name, entry] as const)));
  const kept = [...was!.values()].map((entry): Entry => {
    const declared = written!.get(entry.name);
    if (list === 'chains' && declared !== undefined && declared.rules === undefined && (wanted as FirewallTable).owns === 'listed')
      return { ...entry, rules: is!.get(entry.name)?.rules ?? entry.rules ?? [] };
    const isDeclaredOnly = declared !== undefined && declared.elements === undefined && is!.has(entry.name);
    if (!isDeclaredOnly) return entry;
    const { elements: _elements, ...rest } = entry;
    return rest;
  });
  return [...kept, ...[...is!.values()].filter(({ name }) => !was!.has(name) && !written!.has(name))];
}

function tablesOf(state: FirewallState): ReadonlyMap<string, FirewallTable> {
  return new Map(describeFirewall(state).tables.map((table) => [keyOf(table), table as FirewallTable]));
}

function keyOf({ family, name }: Table): string {
  return `${family} ${name}`;
}
