import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { faultsOf } from '../../scripts/prebuild/check.mjs';
import { TARGETS, targetOf } from '../../scripts/prebuild/targets.mjs';
import { requirePrograms, usePrograms } from '../support/programs.js';
import { prepack } from './packed.js';

const root = resolve(import.meta.dirname, '../..');

describe('native/build.json', () => {
  it('lists every source file once', () => {
    const { sources, runtime } = JSON.parse(readFileSync(join(root, 'native/build.json'), 'utf8')) as Record<string, string[]>;
    const files = readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cpp'));
    expect([...sources!, ...runtime!].sort()).to.deep.equal(files.map((name) => `native/${name}`).sort());
  });
});

describe('the scripts of package.json', () => {
  it('are not the hooks of other scripts', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Record<string, string> };
    const hooks = Object.keys(scripts).flatMap((name) => [`pre${name}`, `post${name}`]);
    expect(hooks.filter((name) => name in scripts)).to.deep.equal([]);
  });
});

describe('the check of a prebuild', function () {
  this.timeout(300_000);
  usePrograms('readelf');
  before(prepack);

  for (const { arch, file, machine, compiler } of TARGETS) {
    it(`accepts the prebuild for ${arch}`, () => {
      if (!existsSync(join(root, file))) requirePrograms(compiler);
      expect(faultsOf(join(root, file), { machine })).to.deep.equal([]);
    });
  }

  it('names the libraries, symbol versions and symbols of a build with the C++ runtime', () => {
    const faults = faultsOf(join(root, 'build/Release/rxnetlink.node'), { machine: targetOf(process.arch).machine });
    expect(faults).to.include.members([
      'it needs the library libstdc++.so.6; expected none',
      'it needs the library libc.so.6; expected none',
      'it has symbol versions; expected none',
    ]);
    expect(faults.join('\n')).to.match(/it uses _Z\S+, which is not in the list/);
  });

  it('names the machine of a build for another machine', () => {
    const faults = faultsOf(join(root, 'build/Release/rxnetlink.node'), { machine: 'VAX' });
    expect(faults[0]).to.match(/^it is for the machine .*; expected VAX$/);
  });
});
