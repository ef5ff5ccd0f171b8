import { expect } from 'chai';
import { rtNeighSchema } from '../../../lib/families/generated/rt-neigh.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import { compareFields, compareRows, type Shown } from './fields.js';
import { forwarding, neighbour, type NeighbourRow } from './neighbour-fields.js';
import { compareTables } from './neighbour-tables.js';
import { compareYnl } from './ynl.js';

/** `ip -s neigh`, also for proxies and for a single neighbour; `bridge -s fdb`. */
function compareNeighbours({ command, shown, answers, links }: Scene): void {
  const rows = answers.flatMap(({ rows: found }) => found) as unknown as NeighbourRow[];
  const table = shown as readonly Shown[];
  expect(table).to.not.have.length(0);
  if (command.startsWith('bridge ')) {
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      compareFields(`${String(row['mac'])} ${String(row['ifname'])}`, row, rows[index]!, forwarding(links));
    });
    return;
  }
  compareRows(table, rows, neighbour(links), {
    shown: (row) => `${String(row['dst'])} ${String(row['dev'])}`,
    value: (row) => `${row.dst ?? ''} ${links.of(row.ndmIfindex) ?? ''}`,
  });
}

export const comparer: FamilyComparer = {
  schema: rtNeighSchema,
  compare(scene) {
    const { command, shown, answers } = scene;
    if (command.startsWith('ynl ')) compareYnl(rtNeighSchema, answers[0]!.op, shown, answers[0]!.rows);
    else if (command.includes(' ntable')) compareTables(scene);
    else compareNeighbours(scene);
  },
};
