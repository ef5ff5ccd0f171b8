import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { PICTURE, recordTerminal } from '../../../scripts/command/record-terminal.js';
import { linesOfSvg, plainLines, terminalSvg } from '../../../scripts/command/terminal-svg.js';
import { needsChildNode } from '../../support/emulator.js';
import { namespaceError, skipBecause } from '../../support/namespace.js';
import { usePrograms } from '../../support/programs.js';

const picture = readFileSync(join(resolve(import.meta.dirname, '../../..'), PICTURE), 'utf8');

/** The words of a line, without what differs from run to run: port IDs and process IDs, and the spaces of a table. */
const words = (lines: readonly string[]): string[] =>
  lines
    .map((line) =>
      line
        .replaceAll(/ \(by (?:port \d+|[^,]+, process \d+)\)/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');

describe('the picture of a terminal in the README', function () {
  this.timeout(60_000);
  usePrograms('ip', 'script', 'timeout');

  it('shows what the commands print', function () {
    needsChildNode(this);
    const refused = namespaceError();
    if (refused !== undefined) skipBecause(this, refused);
    const recorded = recordTerminal();
    expect(words(linesOfSvg(picture))).to.deep.equal(words(plainLines(recorded)));
    expect(words(linesOfSvg(terminalSvg(recorded)))).to.deep.equal(words(plainLines(recorded)));
  });

  it('escapes what is markup, and has the colours of the terminal', () => {
    const svg = terminalSvg([{ command: 'a', output: '\u001b[31m<b> & c\u001b[39m' }]);
    expect(svg).to.include('<tspan fill="#ff7b72">&lt;b&gt;\u00a0&amp;\u00a0c</tspan>');
    expect(linesOfSvg(svg)).to.deep.equal(['$ a', '<b> & c']);
  });
});
