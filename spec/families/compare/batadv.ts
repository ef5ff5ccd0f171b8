import { expect } from 'chai';
import { batadvSchema } from '../../../lib/families/generated/batadv.js';
import type { FamilyComparer, Scene } from '../comparer.js';
import type { Row } from '../play.js';

/** The bits of `tt_flags`, in the words of batctl (BATADV_TT_CLIENT_* of linux/batman_adv.h). */
const CLIENT_BITS: Readonly<Record<string, number>> = {
  del: 0,
  roam: 1,
  wifi: 4,
  isolated: 5,
  nopurge: 8,
  new: 9,
  pending: 10,
  temp: 11,
};

/** Names of columns that differ from the kernel's. */
const PROPERTIES: Readonly<Record<string, string>> = { best: 'flagBest' };

const propertyOf = (column: string): string =>
  PROPERTIES[column] ?? column.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Returns a decoded value as batctl prints it: -1 for no VLAN, and flags as one object. */
function printed(shown: unknown, column: string, value: unknown): unknown {
  if (typeof shown === 'boolean') return value === true || value === 1;
  if (column.endsWith('_vid')) return value === 0 ? -1 : Number(value) & 0xfff;
  if (typeof shown !== 'object' || shown === null) return value;
  const bits = column === 'tt_flags' ? Object.entries(CLIENT_BITS).map(([name, bit]) => [name, (Number(value) & (1 << bit)) !== 0]) : [];
  return { ...shown, ...(Object.fromEntries(bits) as object), raw: value };
}

function compareRow(shown: Row, row: Row): void {
  const decoded = Object.keys(shown).map((column) => [column, printed(shown[column], column, row[propertyOf(column)])]);
  expect(Object.fromEntries(decoded)).to.deep.equal(shown);
}

/** `batctl routing_algo`: the algorithm of each mesh, and all algorithms. */
function compareAlgorithms({ shown, answers }: Scene): void {
  const rows = (name: string): Row[] => answers.flatMap(({ op, rows: found }) => (op === name ? found : []));
  const decoded = {
    meshes: rows('get-mesh').map(({ meshIfname, algoName }) => [meshIfname, algoName]),
    available: rows('get-routing-algos').map(({ algoName }) => algoName),
  };
  expect(decoded).to.deep.equal(shown);
}

/** `batctl throughputmeter`: the kernel answers with a number, and sends the result as an event. */
function compareThroughput({ shown, answers, events, eventNames }: Scene): void {
  expect(eventNames).to.deep.equal(['tp-meter-ntf']);
  const { tpmeterCookie, tpmeterResult, tpmeterTestTime, tpmeterBytes } = events[0]! as Row;
  expect({ milliseconds: tpmeterTestTime, bytes: Number(tpmeterBytes) }).to.deep.equal(shown);
  expect(tpmeterResult).to.equal('complete');
  expect(answers.find(({ op }) => op === 'tp-meter')!.rows).to.deep.equal([{ tpmeterCookie }]);
}

export const comparer: FamilyComparer = {
  schema: batadvSchema,
  compare(scene) {
    const { command, shown, answers } = scene;
    if (command.endsWith(' routing_algo')) return compareAlgorithms(scene);
    if (command.includes(' throughputmeter ')) return compareThroughput(scene);
    // batctl reads the mesh first.
    const { rows } = answers.at(-1)!;
    const table = (Array.isArray(shown) ? shown : [shown]) as readonly Row[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      compareRow(row, rows[index]!);
    });
  },
};
