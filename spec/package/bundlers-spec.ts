import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { TARGETS } from '../../scripts/prebuild/targets.mjs';
import { spawnSync } from '../support/programs.js';
import { isLong } from '../support/rounds.js';
import { skipBecause } from '../support/unavailable.js';
import { Packed, root } from './packed.js';

const PROGRAM = `
import { lastValueFrom } from 'rxjs';
import { rtLink } from 'rxnetlink/families/rt-link';
lastValueFrom(rtLink().list('getlink')).then(
  (rows) => console.log(rows.map(({ ifname }) => ifname).includes('lo')),
  (error) => console.log(error.name + ': ' + error.message),
);
`;

/** The configurations in docs/bundlers.md, by the name in their first line. */
const configurations = new Map(
  [...readFileSync(join(root, 'docs/bundlers.md'), 'utf8').matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, name, text]) => [
    name!,
    text!,
  ]),
);

/** Bundlers of one kind do the same with the package: `npm test` builds with the fastest, `npm run test:long` with all. */
const bundled = [...configurations.keys()].filter((name) => isLong || name.startsWith('esbuild'));

/** The command of each bundler: the program of a package, and its arguments before the name of the configuration. */
const COMMANDS = {
  esbuild: [],
  vite: ['vite/bin/vite.js', 'build', '--logLevel', 'warn', '--config'],
  webpack: ['webpack/bin/webpack.js', '--config'],
  rollup: ['rollup/dist/bin/rollup', '--silent', '--config'],
} as const;
const nameOf = (configuration: string): keyof typeof COMMANDS => configuration.split(/[.-]/)[0] as keyof typeof COMMANDS;
const place = (bundler: string): string => join(root, bundler === 'esbuild' ? 'node_modules' : '.cache/bundlers/node_modules');

describe('a bundle', function () {
  this.timeout(600_000);
  let packed: Packed;
  let folder: string;
  let addon: string;

  before(function () {
    const target = TARGETS.find(({ arch }) => arch === process.arch);
    if (target === undefined) skipBecause(this, `no prebuild for ${process.arch} is built`);
    packed = new Packed();
    addon = target.file;
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-bundle-'));
    mkdirSync(join(packed.consumer, 'src'));
    writeFileSync(join(packed.consumer, 'src/main.js'), PROGRAM);
    writeFileSync(join(packed.consumer, 'package.json'), '{ "type": "module" }');
    for (const name of ['esbuild', 'vite', 'webpack', 'webpack-cli', 'rollup', '@rollup']) {
      const source = join(place(name), name);
      if (existsSync(source)) symlinkSync(source, join(packed.consumer, 'node_modules', name));
    }
  });
  after(() => {
    packed?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  /** Builds with a configuration of the page; returns the folder of the bundle, moved away from node_modules. */
  const build = (context: Mocha.Context, configuration: string, elsewhere: boolean): string => {
    const bundler = nameOf(configuration);
    if (!existsSync(join(place(bundler), bundler))) skipBecause(context, `${bundler} is not installed; npm run bundlers installs it`);
    const cwd = packed.consumer;
    rmSync(join(cwd, 'dist'), { recursive: true, force: true });
    writeFileSync(join(cwd, configuration), configurations.get(configuration)!);
    const [program, ...args] = COMMANDS[bundler];
    const command = program === undefined ? [] : [join(cwd, 'node_modules', program), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command, configuration], { cwd, encoding: 'utf8' });
    expect(status, `${stdout}${stderr}`).to.equal(0);
    if (!elsewhere) return join(cwd, 'dist');
    const moved = mkdtempSync(join(folder, `${bundler}-`));
    cpSync(join(cwd, 'dist'), moved, { recursive: true });
    return moved;
  };

  /** Runs a bundle; returns its output. */
  const run = (bundle: string, env: Readonly<Record<string, string>> = {}): string => {
    const main = ['main.mjs', 'main.cjs', 'main.js'].map((name) => join(bundle, name)).find((file) => existsSync(file))!;
    if (main.endsWith('.js')) writeFileSync(join(bundle, 'package.json'), '{ "type": "module" }');
    const { stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8', env: { ...process.env, ...env } });
    return stdout + stderr;
  };

  /** Hides the consumer's packages: a bundle may contain the path on the machine that built it. */
  const apart = <Result>(work: () => Result): Result => {
    const modules = join(packed.consumer, 'node_modules');
    renameSync(modules, `${modules}-away`);
    try {
      return work();
    } finally {
      renameSync(`${modules}-away`, modules);
    }
  };

  it('has a configuration for each bundler', () => {
    expect([...configurations.keys()]).to.have.members([
      ...['esbuild.mjs', 'esbuild-cjs.mjs', 'esbuild-external.mjs'],
      ...['vite', 'webpack', 'rollup'].flatMap((name) => [`${name}.config.mjs`, `${name}-external.config.mjs`]),
    ]);
  });

  for (const configuration of bundled) {
    if (configuration.includes('-external')) {
      it(`runs beside node_modules if rxnetlink is external, built by ${configuration}`, function () {
        const bundle = build(this, configuration, false);
        expect(run(bundle)).to.equal('true\n');
        // The bundle does not contain it.
        const main = ['main.mjs', 'main.js'].map((name) => join(bundle, name)).find((file) => existsSync(file))!;
        expect(readFileSync(main, 'utf8')).to.match(/from\s*["']rxnetlink\/families\/rt-link["']/);
      });
    } else {
      it(`runs in any folder with the addon beside it, built by ${configuration}`, function () {
        const bundle = build(this, configuration, true);
        const source = join(packed.consumer, 'node_modules-away/rxnetlink', addon);
        apart(() => {
          expect(run(bundle)).to.match(
            /^UnsupportedPlatformError: ENOSYS open: the native addon was not found: .*; in a bundle, mark rxnetlink as external, or copy node_modules\/rxnetlink\/prebuilds\/\S+ beside the bundle, or set RXNETLINK_ADDON to its path\n$/,
          );
          expect(run(bundle, { RXNETLINK_ADDON: source })).to.equal('true\n');
          cpSync(source, join(bundle, 'rxnetlink.node'));
          expect(run(bundle)).to.equal('true\n');
          rmSync(join(bundle, 'rxnetlink.node'));
          mkdirSync(dirname(join(bundle, addon)), { recursive: true });
          cpSync(source, join(bundle, addon));
          expect(run(bundle)).to.equal('true\n');
        });
      });
    }
  }
});
