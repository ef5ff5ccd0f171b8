import { expect } from 'chai';
import { tcSchema } from '../../../lib/families/generated/tc.js';
import type { TcFamily } from '../../../lib/families/tc.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import type { Answer } from '../play.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import { compareActions } from './tc-actions.js';
import { qdisc, trafficClass } from './tc-fields.js';
import { filterFields } from './tc-filters.js';
import { statisticOf } from './tc-qdiscs.js';

type ActionList = TcFamily['dump']['getaction']['reply'];

const rowsOf = (answers: readonly Answer[], op: string): never[] =>
  answers.flatMap((answer) => (answer.op === op ? answer.rows : [])) as never[];

/** `tc -s qdisc`: common statistics and those of some qdiscs stand in one object. */
const qdiscs = new Proxy(qdisc, {
  get: (table, key: string) => table[key] ?? ((row: never, shown: unknown) => statisticOf(row, key, shown)),
});

function compareList<Value>(shown: readonly Shown[], rows: readonly Value[], fields: Fields<Value>): void {
  expect(rows.length, 'rows').to.equal(shown.length);
  expect(shown).to.not.have.length(0);
  shown.forEach((row, index) => {
    compareFields(`${String(row['kind'] ?? row['class'])} ${String(index)}`, row, rows[index]!, fields);
  });
}

function compareTables({ command, shown, answers, links }: Scene): void {
  const table = shown as readonly Shown[];
  if (command.includes(' qdisc ')) {
    // The kernel dumps all interfaces; tc shows the requested one.
    const asked = answers.find(({ op }) => op === 'getqdisc')?.request['ifindex'];
    const own = (rowsOf(answers, 'getqdisc') as readonly { readonly ifindex: number }[]).filter(({ ifindex }) => ifindex === asked);
    compareList(table, own as never[], qdiscs);
  } else if (command.includes(' class ')) {
    compareList(table, rowsOf(answers, 'gettclass'), trafficClass as Fields<never>);
  } else if (command.includes(' actions ')) {
    // The first object holds the count; the reply to a request for one action has none.
    const [{ 'total acts': count }, { actions }] = shown as [{ 'total acts': number }, { actions: readonly Shown[] }];
    const [row, ...more] = rowsOf(answers, 'getaction') as readonly ActionList[];
    expect(more).to.deep.equal([]);
    expect(row!.count ?? 0, 'count').to.equal(count);
    compareActions(actions, row!.tab, links);
  } else {
    const op = command.includes(' chain ') ? 'getchain' : 'gettfilter';
    compareList(table, rowsOf(answers, op), filterFields(links) as Fields<never>);
  }
}

export const comparer: FamilyComparer = { schema: tcSchema, compare: compareTables };
