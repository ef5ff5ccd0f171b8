import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { Packed, root } from './packed.js';
import { spawnSync } from '../support/programs.js';

/** No more than this many bytes, packed. Raise it on purpose, not by accident. */
const SIZE_BUDGET = 1_000_000;

describe('the published package', function () {
  this.timeout(120_000);
  let packed: Packed;

  before(() => {
    packed = new Packed();
  });
  after(() => {
    packed.remove();
  });

  it('holds what it takes to run and to build, and nothing else', () => {
    const paths = packed.report.files.map(({ path }) => path);
    expect(paths).to.include.members([
      'package.json',
      'README.md',
      'LICENSE.md',
      'CHANGELOG.md',
      'binding.gyp',
      'scripts/build-native.mjs',
      'dist/index.js',
      'dist/index.d.ts',
    ]);
    const expected =
      /^(?:package\.json|[A-Z]+\.md|binding\.gyp|scripts\/build-native\.mjs|native\/[^/]+\.(?:cpp|h)|prebuilds\/.*\.node|docs\/(?:benchmark\/)?[^/]+\.(?:md|svg)|examples\/.*\.ts|dist\/.*\.(?:js|d\.ts|js\.map))$/;
    expect(paths.filter((path) => !expected.test(path))).to.deep.equal([]);
  });

  it('holds what its pages point to', () => {
    const paths = packed.report.files.map(({ path }) => path);
    const pages = paths.filter((path) => path.endsWith('.md'));
    const targets = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(([, target]) =>
        join(dirname(page), target!),
      ),
    );
    expect(targets).to.include('docs/live.md');
    // What measures stays in the repository.
    expect(targets.filter((target) => !paths.includes(target) && !target.startsWith('bench/'))).to.deep.equal([]);
  });

  it('stays within its size', () => {
    expect(packed.report.size).to.be.below(SIZE_BUDGET);
  });

  it('satisfies publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: root, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).to.deep.equal([]);
  });

  it('has types for everybody who resolves it, by are-the-types-wrong', () => {
    // esm-only: there is one build, in ES modules. CommonJS requires it as it is, see the spec on that.
    const attw = `${root}/node_modules/.bin/attw`;
    const rules = ['--profile', 'esm-only', '--ignore-rules', 'cjs-resolves-to-esm', '--format', 'ascii', '--no-color', '--no-emoji'];
    const { status, stdout } = spawnSync(attw, [packed.tarball, ...rules], { encoding: 'utf8' });
    expect(status, stdout).to.equal(0);
  });
});
