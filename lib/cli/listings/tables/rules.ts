import { map } from 'rxjs';
import type { Rule } from '../../../network/index.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { ruleModel } from '../../../network/rules/rule-model.js';
import { WritableTable } from '../../../network/tables/writable-table.js';
import type { Listing } from '../listing.js';

/** Properties that do not belong to the conditions of a rule. */
const OTHERS: ReadonlySet<string> = new Set(['priority', 'family', 'action', 'table', 'goto', 'protocol', 'detached', 'unresolved', 'not']);

/** `rxnetlink rules`: the rules that choose a routing table, as `ip rule` and `ip -6 rule` have them. */
export const listing: Listing<Rule, SomeTables<{ readonly rules: WritableTable<Rule, object, object, object> }>> = {
  word: 'table',
  wordMayBeNumber: true,
  columns: [
    { title: 'PRIORITY', isKey: true, text: ({ priority }) => priority, align: 'right' },
    { title: 'IP', isKey: true, text: ({ family }) => family, align: 'right' },
    { title: 'PACKETS', isKey: true, text: conditionsOf },
    { title: 'ACTION', text: ({ action, goto }) => (goto === undefined ? action : `goto ${String(goto)}`) },
    { title: 'TABLE', text: ({ table }) => table },
    { title: 'PROTOCOL', text: ({ protocol }) => protocol },
    {
      title: 'STATE',
      text: ({ detached, unresolved }) => (detached === true ? 'detached' : unresolved === true ? 'unresolved' : undefined),
      colour: () => 'red',
    },
  ],
  open: (options) =>
    openTables(options, (context, names) => ({ rules: new WritableTable<Rule, object, object, object>(ruleModel(context), names) })),
  list: (net, filter) => net.rules.list(filter),
  watch: (net, filter) => net.view({ rules: filter }).pipe(map(({ rules }) => [...rules.values()])),
};

/** The properties that `ip rule` prints in hexadecimal digits: bits of a mark. */
const BITS: ReadonlySet<string> = new Set(['mark', 'mask', 'tos', 'dscp']);

function conditionsOf(rule: Rule): string {
  const conditions = Object.entries(rule)
    .filter(([name, value]) => !OTHERS.has(name) && value !== undefined)
    .map(([name, value]) => (value === true ? name : `${name} ${valueText(name, value)}`));
  return `${rule.not === true ? 'not ' : ''}${conditions.join(' ') || 'all'}`;
}

function valueText(name: string, value: unknown): string {
  if (BITS.has(name) && typeof value === 'number') return `0x${value.toString(16)}`;
  return Array.isArray(value) ? value.join('-') : String(value);
}
