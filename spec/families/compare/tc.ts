import { expect } from 'chai';
import { tcSchema } from '../../../lib/families/generated/tc.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import type { Answer } from '../play.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import { filter, qdisc, trafficClass } from './tc-fields.js';
import { statisticOf } from './tc-qdiscs.js';

const rowsOf = (answers: readonly Answer[], op: string): never[] =>
  answers.flatMap((answer) => (answer.op === op ? answer.rows : [])) as never[];

/** `tc -s qdisc`: what all count stands among what only some do. */
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

/** Keys of u32 come under one name, which captures number; what they have hit is kept as bytes. */
function withoutHits(row: Shown): Shown {
  const { options } = row as { readonly options?: Shown };
  if (options === undefined) return row;
  const kept = Object.entries(options).filter(([key]) => !/^(success|rule_hit)/.test(key));
  return {
    ...row,
    options: Object.fromEntries(kept.map(([key, value]) => [/^match/.test(key) ? `match${key.slice(6) || '0'}` : key, value])),
  };
}

function compareTables({ command, shown, answers }: Scene): void {
  const table = shown as readonly Shown[];
  if (command.includes(' qdisc ')) {
    // The kernel tells of all interfaces, tc shows the one that it asked for.
    const asked = answers.find(({ op }) => op === 'getqdisc')?.request['ifindex'];
    const own = (rowsOf(answers, 'getqdisc') as readonly { readonly ifindex: number }[]).filter(({ ifindex }) => ifindex === asked);
    compareList(table, own as never[], qdiscs);
  } else if (command.includes(' class ')) {
    compareList(table, rowsOf(answers, 'gettclass'), trafficClass as Fields<never>);
  } else {
    compareList(table.map(withoutHits), rowsOf(answers, command.includes(' chain ') ? 'getchain' : 'gettfilter'), filter as Fields<never>);
  }
}

export const comparer: FamilyComparer = { schema: tcSchema, compare: compareTables };
