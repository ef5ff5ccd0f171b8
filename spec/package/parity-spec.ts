import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/parity.md'), 'utf8');
const rows = [...page.matchAll(/^\| ([A-Z]\d+) +\|.*\| ([^|]+) \|$/gm)].map(([, row, specs]) => ({
  row: row!,
  specs: specs!.trim().split(', '),
}));

/** The number of rows of each group. */
const GROUPS = { C: 40, M: 16, A: 40, E: 6, L: 6, T: 8, D: 3, F: 1, G: 1 };

describe('the parity page', () => {
  it('has every row once', () => {
    const all = Object.entries(GROUPS).flatMap(([group, count]) => Array.from({ length: count }, (_, index) => `${group}${index + 1}`));
    expect(rows.map(({ row }) => row)).to.deep.equal(all);
  });

  it('names existing specs', () => {
    const missing = rows.flatMap(({ row, specs }) =>
      specs.filter((spec) => !existsSync(join(root, 'spec', spec))).map((spec) => `${row} ${spec}`),
    );
    expect(missing).to.deep.equal([]);
  });
});
