import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { compilerOf } from '../../scripts/prebuild/compile.mjs';
import { TARGETS } from '../../scripts/prebuild/targets.mjs';
import { requirePrograms, spawnSync } from '../support/programs.js';
import { isLong } from '../support/rounds.js';
import { Packed, root } from './packed.js';

/** The parts of package.json that the specs read. */
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

/** The limits of the package with all prebuilds. A commit that raises one states the reason. */
const BUDGET = { packed: 1_660_000, unpacked: 6_500_000, files: 1000 };

describe('the published package', function () {
  this.timeout(600_000);
  let packed: Packed;

  before(() => {
    packed = new Packed();
  });
  after(() => {
    packed.remove();
  });

  it('contains the files that run and build it, and no others', () => {
    const paths = packed.report.files.map(({ path }) => path);
    expect(paths).to.include.members([
      'package.json',
      'README.md',
      'LICENSE.md',
      'scripts/build-native.mjs',
      'native/build.json',
      'dist/index.js',
      'dist/index.d.ts',
    ]);
    // npm builds a package with binding.gyp in its root at every install, and fails without a compiler.
    const expected =
      /^(?:package\.json|[A-Z]+\.md|scripts\/build-native\.mjs|scripts\/prebuild\/(?:check|compile|headers|targets)\.mjs|native\/(?:(?:namespace|receive|socket)\/)?[^/]+\.(?:cpp|h|json)|prebuilds\/linux-[^/]+\/rxnetlink(?:\.armv7)?\.node|docs\/(?:bundlers|capabilities|(?:network\/)?errors|install)\.md|man\/rxnetlink\.1|schemas\/(?:network-document|command-output)\.json|dist\/specs\/[^/]+\.yaml|dist\/.*\.(?:js|d\.ts)|dist\/dashboard\/page\/(?:index\.html|page\.css|favicon\.svg|LICENSE-uPlot))$/;
    expect(paths.filter((path) => !expected.test(path))).to.deep.equal([]);
  });

  for (const target of TARGETS) {
    it(`contains a prebuild for ${target.arch}`, () => {
      if (compilerOf(target) === undefined) requirePrograms(target.compiler);
      expect(packed.report.files.map(({ path }) => path)).to.include(target.file);
    });
  }

  it('has no install script, and only the dependency that finds the addon', () => {
    const manifest = JSON.parse(readFileSync(join(packed.consumer, 'node_modules/rxnetlink/package.json'), 'utf8')) as Manifest;
    expect(Object.keys(manifest.dependencies)).to.deep.equal(['node-gyp-build']);
    expect(Object.keys(manifest.scripts)).not.to.include.oneOf(['preinstall', 'install', 'postinstall', 'prepare']);
    // The package can be imported on every system.
    expect(manifest).not.to.have.any.keys('os', 'cpu', 'libc', 'optionalDependencies');
  });

  it('contains the files to which its pages link', () => {
    const paths = packed.report.files.map(({ path }) => path);
    const pages = paths.filter((path) => path.endsWith('.md'));
    const targets = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(([, target]) =>
        join(dirname(page), target!),
      ),
    );
    expect(targets).to.include.members(['docs/live.md', 'docs/install.md']);
    // The other pages, the pictures, the measurements, the examples and the changelog are only in the repository, and must exist there.
    const inRepository = /^(?:bench|docs|examples)\/|^(?:CHANGELOG|CONTRIBUTING)\.md$/;
    const missing = targets.filter((target) => !paths.includes(target));
    expect(missing.filter((target) => !inRepository.test(target) || !existsSync(join(root, target)))).to.deep.equal([]);
  });

  it('prints the class and the fields of an error that a program does not catch', () => {
    const program = `import { lastValueFrom } from 'rxjs';
import { rtLink } from 'rxnetlink/families/rt-link';
await lastValueFrom(rtLink().do('getlink', { ifname: 'absent0' }));`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: packed.consumer,
      encoding: 'utf8',
    });
    expect(stderr).to.match(/^KernelError: ENODEV getlink: interface 'absent0'$/m);
    expect(stderr).to.match(/^ {4}at TimedRequestObserver\.error /m);
    expect(stderr).to.match(/^ {2}code: 'ENODEV',\n {2}errno: -19,\n {2}operation: 'getlink',$/m);
    expect(status).to.equal(1);
  });

  it('names each class as it exports it: console.log prints the name of a class', () => {
    const program = `for (const entry of ['rxnetlink', 'rxnetlink/network', 'rxnetlink/testing', 'rxnetlink/fleet'])
  for (const [name, value] of Object.entries(await import(entry)))
    if (typeof value === 'function' && /^class\\b/.test(String(value))) console.log(name === value.name ? 'as exported' : name + ' is ' + value.name);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: packed.consumer,
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
    expect(new Set(stdout.trim().split('\n'))).to.deep.equal(new Set(['as exported']));
  });

  it('stays within the limits of its size and number of files', () => {
    const { size, unpackedSize, entryCount } = packed.report;
    process.stdout.write(`      ${size} bytes packed, ${unpackedSize} unpacked, ${entryCount} files\n`);
    expect(size, 'packed').to.be.at.most(BUDGET.packed);
    expect(unpackedSize, 'unpacked').to.be.at.most(BUDGET.unpacked);
    expect(entryCount, 'files').to.be.at.most(BUDGET.files);
  });

  it('is not packed if the compiler for x64 or arm64 is missing', () => {
    const folder = workingCopy('.cache', 'prebuilds');
    try {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/prepack.mjs'], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: '/nowhere' },
      });
      const missing = 'no prebuild for arm64: aarch64-linux-gnu-g++ is not installed (Debian: apt-get install g++-aarch64-linux-gnu)';
      expect(stderr).to.include(`rxnetlink: prepack: ${missing}\n`);
      expect(stderr).to.include('no prebuilt addon for x64, arm64; expected x64 and arm64; ');
      expect(status).to.equal(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is not packed if npm run types fails', () => {
    const [x64, arm64] = TARGETS;
    for (const target of [x64!, arm64!]) if (compilerOf(target) === undefined) requirePrograms(target.compiler);
    const folder = workingCopy();
    try {
      // Takes the place of npm.
      mkdirSync(join(folder, 'bin'));
      writeFileSync(join(folder, 'bin/npm'), '#!/bin/sh\necho "npm $*" >&2\nexit 2\n', { mode: 0o755 });
      const { status, stderr } = spawnSync(process.execPath, ['scripts/prepack.mjs'], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: join(folder, 'bin') },
      });
      expect(stderr).to.match(/^npm run --silent types\nrxnetlink: prepack: npm run types failed \(status 2\); correct the types\n$/m);
      expect(status).to.equal(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: root, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).to.deep.equal([]);
  });

  it('has types for each module resolution, as are-the-types-wrong finds', () => {
    // The subpaths are alike: `npm test` checks one of each kind, `npm run test:long` checks all.
    const subpaths = isLong ? [] : ['--entrypoints', '.', 'schema/v1', 'families/rt-link'];
    // esm-only: there is one build, in ES modules, which CommonJS can require; see the consumer spec.
    const attw = `${root}/node_modules/.bin/attw`;
    const rules = ['--profile', 'esm-only', '--ignore-rules', 'cjs-resolves-to-esm', '--format', 'ascii', '--no-color', '--no-emoji'];
    const { status, stdout } = spawnSync(attw, [packed.tarball, ...rules, ...subpaths], { encoding: 'utf8' });
    expect(status, stdout).to.equal(0);
  });
});

/** Makes a working copy with the same sources and builds, except some folders; its scripts take it for the root. */
function workingCopy(...without: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-prepack-'));
  for (const name of readdirSync(root)) {
    if (name === 'scripts') cpSync(join(root, name), join(folder, name), { recursive: true });
    else if (name !== '.git' && !without.includes(name)) symlinkSync(join(root, name), join(folder, name));
  }
  return folder;
}
