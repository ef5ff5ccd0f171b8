import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { needsChildNode } from '../support/emulator.js';
import { spawnSync } from '../support/programs.js';

const root = resolve(import.meta.dirname, '../..');

describe('npm run build:native', () => {
  let folder: string;
  beforeEach(function () {
    needsChildNode(this);
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-path-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Builds with only these programs in the PATH. */
  const build = (...programs: readonly string[]) => {
    for (const name of programs) symlinkSync('/bin/false', join(folder, name));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build-native.mjs'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: folder },
    });
    return { status, stdout, stderr };
  };
  const expected = (missing: readonly string[]) => ({
    status: 1,
    stdout: '',
    stderr: `rxnetlink: build:native: not installed: ${missing.join(', ')}; install what is missing (Debian: apt-get install ${missing.join(' ')})\n`,
  });

  it('prints what to install, and nothing else, without Python, make and a compiler', () => {
    expect(build()).to.deep.equal(expected(['python3', 'make', 'g++']));
  });

  it('prints the package of the one program that is missing', () => {
    expect(build('python3', 'make')).to.deep.equal(expected(['g++']));
  });
});
