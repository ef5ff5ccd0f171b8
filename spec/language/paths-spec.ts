import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');

/** Pages for people who work on the project. */
const PAGES = [
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...['docs/contributing', 'lib', 'native', 'spec', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((file) => file.endsWith('.md'));

/** A file of the project: in backticks, with a folder and an extension, and without a placeholder. */
const PATH = /`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|cjs|cpp|h|md|json))`/g;

/** The family that a page adds as its example; its files do not exist. */
const EXAMPLES: Readonly<Record<string, string>> = { 'docs/contributing/add-a-family.md': 'addrlabel' };

/** The folders in which a page may name a file. */
const placesOf = (page: string): string[] => [root, join(root, 'lib'), join(root, 'spec'), join(root, dirname(page))];

function missingFiles(page: string, text: string): string[] {
  const paths = [...text.matchAll(PATH)].map(([, path]) => path!);
  const example = EXAMPLES[page];
  const named = example === undefined ? paths : paths.filter((path) => !path.includes(example));
  return named.filter((path) => !placesOf(page).some((folder) => existsSync(join(folder, path))));
}

describe('pages for contributors', () => {
  for (const page of PAGES) {
    it(`name only files that exist: ${page}`, () => {
      expect(missingFiles(page, readFileSync(join(root, page), 'utf8'))).to.deep.equal([]);
    });
  }

  it('are rejected when they name a file that does not exist', () => {
    expect(missingFiles('ARCHITECTURE.md', 'The walk starts in `native/nowhere.cpp`.')).to.deep.equal(['native/nowhere.cpp']);
  });
});
