import { expect } from 'chai';
import { MOST_FILES, MOST_LINES, checkFolders, checkText } from '../../scripts/tree/check.mjs';

const files = (folder: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${folder}/file-${index}.ts`);

describe('checkFolders', () => {
  it('accepts a folder with the largest number of files', () => {
    expect(checkFolders(files('lib/wire', MOST_FILES), {})).to.deep.equal([]);
  });

  it('finds a folder with one file more', () => {
    expect(checkFolders(files('spec/wire', MOST_FILES + 1), {})).to.deep.equal([
      'spec/wire: has 17 files; expected at most 16; move some into a subfolder',
    ]);
  });

  it('counts the files of each folder, not of its subfolders', () => {
    expect(checkFolders([...files('docs', 10), ...files('docs/contributing', 10)], {})).to.deep.equal([]);
  });

  it('accepts an exception, and the subfolders of one that ends with a slash', () => {
    const paths = [...files('lib/families', 20), ...files('spec/fixtures/tc/6.12', 20)];
    expect(checkFolders(paths, { 'lib/families': 'one for each family', 'spec/fixtures/': 'one for each scene' })).to.deep.equal([]);
  });

  it('finds an exception that no folder needs', () => {
    expect(checkFolders(files('lib/families', 3), { 'lib/families': 'one for each family' })).to.deep.equal([
      'lib/families: is an exception, but has at most 16 files; remove the exception',
    ]);
  });
});

describe('checkText', () => {
  it('finds a C++ file with one line of code too many', () => {
    expect(checkText('native/a.cpp', 'int a;\n'.repeat(MOST_LINES + 1))).to.deep.equal([
      'native/a.cpp: has 301 lines of code; expected at most 300; split the file',
    ]);
  });

  it('does not count comments and blank lines', () => {
    expect(checkText('native/a.h', `${'int a;\n'.repeat(MOST_LINES)}\n// A comment.\n/*\n * Another.\n */\n`)).to.deep.equal([]);
  });

  it('leaves the lines of TypeScript to ESLint', () => {
    expect(checkText('lib/a.ts', 'f();\n'.repeat(MOST_LINES + 1))).to.deep.equal([]);
  });

  it('finds a folder of one contributor, with the line', () => {
    // The path is put together so that this file does not contain it.
    const path = ['..', 'shared'].join('/');
    expect(checkText('docs/a.md', `Run this:\n\nnpm run generate -- ${path}/specs\n`)).to.deep.equal([
      `docs/a.md:3: names a folder outside of the working copy (${path})`,
    ]);
  });
});
