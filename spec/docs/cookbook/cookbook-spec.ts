import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { needsChildNode } from '../../support/emulator.js';
import { namespaceError, skipBecause } from '../../support/namespace.js';
import { requirePrograms, spawnSync } from '../../support/programs.js';
import { CHECKS } from './checks/index.js';
import { compilePrograms } from './compile.js';
import { FOLDER, MOST_LINES, countLines, readEntries } from './entries.js';
import { runEntry } from './run-entry.js';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, '.cache/docs-cookbook');
const entries = readEntries(root);
const titles = entries.map(({ page, title }) => `${page}: ${title}`);

/** The number of programs that run at once. */
const AT_ONCE = 4;

describe('programs of the cookbook', function () {
  this.timeout(120_000);
  const started: (Promise<void> | undefined)[] = [];

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
    needsChildNode(this);
    requirePrograms('python3');
    compilePrograms(root, folder, entries);
  });

  it('have a check each, and no check without a program', () => {
    const checked = Object.entries(CHECKS).flatMap(([page, checks]) => Object.keys(checks).map((title) => `${page}: ${title}`));
    expect(checked).to.have.members(titles);
  });

  it('compile', () => {
    const compilerOptions = { isolatedDeclarations: false, declaration: false };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }));
    const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--noEmit', '--pretty', 'false'], { cwd: root, encoding: 'utf8' });
    expect(stdout).to.equal('');
  });

  it(`have at most ${MOST_LINES} lines behind their imports`, () => {
    const long = entries.map(({ title, text }) => ({ title, lines: countLines(text) })).filter(({ lines }) => lines > MOST_LINES);
    expect(long).to.deep.equal([]);
  });

  it('are in the index in the order of their pages', () => {
    const index = readFileSync(join(root, `${FOLDER}.md`), 'utf8');
    const listed = [...index.matchAll(/^- \[(.+?)\]\(cookbook\/([\w-]+)\.md#/gm)].map(([, title, page]) => `${page}: ${title}`);
    expect(listed).to.have.members(titles);
  });

  it('are counted by the index and the README', () => {
    const counts = [`${FOLDER}.md`, 'README.md'].map(
      (file) => /(\d+) (?:complete )?programs/.exec(readFileSync(join(root, file), 'utf8'))?.[1],
    );
    expect(counts).to.deep.equal([String(entries.length), String(entries.length)]);
  });

  // A program that waits does not delay the next ones: each test starts its own program and those of the next tests.
  const start = (index: number): Promise<void> => {
    const entry = entries[index]!;
    const task = runEntry(entry, CHECKS[entry.page]![entry.title]!, folder);
    task.catch(() => undefined);
    return task;
  };
  entries.forEach(({ page, title }, index) => {
    it(`${page}: ${title}`, async () => {
      for (let next = index; next < Math.min(index + AT_ONCE, entries.length); next++) started[next] ??= start(next);
      const task = started[index]!;
      // If it failed and this test is repeated, the program starts again.
      started[index] = undefined;
      await task;
    });
  });
});
