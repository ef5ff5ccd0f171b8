import { expect } from 'chai';
import { style } from '../../lib/cli/output/style.js';
import { tableLines, type Column } from '../../lib/cli/output/table.js';

interface Row {
  readonly name: string;
  readonly count?: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'COUNT', text: ({ count }) => count, align: 'right', colour: ({ count }) => (count === 7 ? 'red' : undefined) },
];
const plain = { style: style(false) };

describe('a table of the command', () => {
  it('has columns as wide as their longest cell, numbers at the right, and a dash for what is absent', () => {
    expect(tableLines([{ name: 'a', count: 12345678 }, { name: 'longer' }], COLUMNS, plain)).to.deep.equal([
      'NAME       COUNT',
      'a       12345678',
      'longer         -',
    ]);
  });

  it('counts the columns of a terminal, not characters', () => {
    expect(tableLines([{ name: '網路', count: 1 }], COLUMNS, plain)).to.deep.equal(['NAME  COUNT', '網路      1']);
  });

  it('prints control characters as numbers: a terminal would obey them', () => {
    expect(tableLines([{ name: '\u001b[31m\u202e<b>', count: 1 }], COLUMNS, plain)[1]).to.equal('\\u{1b}[31m\\u{202e}<b>      1');
  });

  it('cuts lines off at the width of the terminal, between characters', () => {
    expect(tableLines([{ name: '網路網路', count: 1 }], COLUMNS, { ...plain, width: 6 })).to.deep.equal(['NAME …', '網路…']);
  });

  it('colours cells, and marks what has changed', () => {
    const lines = tableLines([{ name: 'a', count: 7 }], COLUMNS, { style: style(true), isMarked: (_, column) => column === 0 });
    expect(lines[1]).to.equal('\u001b[7ma   \u001b[27m  \u001b[31m    7\u001b[39m');
  });
});
