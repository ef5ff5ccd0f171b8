import { expect } from 'chai';
import { filterWords } from '../../../lib/dashboard/filter.js';
import { MOST_ROWS, TableModel } from '../../../lib/dashboard/page/model/table-rows.js';
import type { Row, TableHead, TableRows } from '../../../lib/dashboard/protocol.js';

const head: TableHead = { name: 'links', title: 'Links', columns: [{ name: 'name', title: 'Name' }] };
const event = (rows: readonly Row[], total = rows.length): TableRows => ({ table: 'links', rows, total, matching: total });
const names = (table: TableModel, ...words: string[]): string[] => table.shown(words).entries.map(({ cells }) => String(cells[0]));

describe('TableModel of the dashboard', () => {
  it('sorts rows by their first cells, and numbers in names by their value', () => {
    const table = new TableModel(head);
    table.replace(
      event([
        ['3', ['veth10']],
        ['1', ['veth9']],
        ['2', ['br0']],
      ]),
    );
    expect(names(table)).to.deep.equal(['br0', 'veth9', 'veth10']);
  });

  it('adds, replaces and removes rows by their keys, and returns the keys that are gone', () => {
    const table = new TableModel(head);
    table.replace(
      event([
        ['1', ['a']],
        ['2', ['b']],
        ['3', ['c']],
      ]),
    );
    const kept = table.get('3');
    expect(
      table.change(
        event(
          [
            ['1', null],
            ['2', ['z']],
            ['4', ['bb']],
            ['9', null],
          ],
          3,
        ),
      ),
    ).to.deep.equal(['1']);
    expect(names(table)).to.deep.equal(['bb', 'c', 'z']);
    expect(table.get('3')).to.equal(kept);
    expect(table.total).to.equal(3);
  });

  it('forgets the rows of before when it is replaced', () => {
    const table = new TableModel(head);
    table.replace(event([['1', ['a']]]));
    table.replace(event([['2', ['b']]]));
    expect(names(table)).to.deep.equal(['b']);
  });

  it('finds rows that contain each word of a filter, in any cell', () => {
    const table = new TableModel(head);
    table.replace(
      event([
        ['1', ['eth0', 'UP', 1500]],
        ['2', ['eth1', 'DOWN', 1500]],
        ['3', ['up0', null, 9000]],
      ]),
    );
    expect(filterWords('  Up 1500 ')).to.deep.equal(['up', '1500']);
    expect(names(table, 'up', '1500')).to.deep.equal(['eth0']);
    expect(names(table, 'up')).to.deep.equal(['eth0', 'up0']);
    expect(table.shown(['up'])).to.include({ matching: 2, total: 3 });
  });

  it('limits the rows of the document, and counts those that match', () => {
    const table = new TableModel(head);
    table.replace(event(Array.from({ length: 1000 }, (_, index) => [String(index), [`v${index}`]] as const)));
    const { entries, matching, total } = table.shown([]);
    expect([entries.length, matching, total]).to.deep.equal([MOST_ROWS, 1000, 1000]);
    expect(entries.at(-1)?.cells).to.deep.equal(['v299']);
  });

  it('counts the rows that match at the server if the server does not send all', () => {
    const table = new TableModel(head);
    table.replace({ table: 'links', rows: [['1', ['v1']]], total: 10_000, matching: 4000 });
    expect(table.needsServer).to.equal(true);
    expect(table.shown(['v'])).to.include({ matching: 4000, total: 10_000 });
  });

  it('moves rows with traffic before the others', () => {
    const table = new TableModel(head);
    table.replace(
      event([
        ['1', ['a']],
        ['2', ['b']],
        ['3', ['c']],
        ['4', ['d']],
      ]),
    );
    const loads = new Map([
      ['3', 10],
      ['4', 500],
    ]);
    const shown = table.shown([], (key) => loads.get(key) ?? 0);
    expect(shown.entries.map(({ key }) => key)).to.deep.equal(['4', '3', '1', '2']);
  });
});
