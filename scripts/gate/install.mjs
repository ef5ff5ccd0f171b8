// `npm run test:install`: installs the packed package with npm 10, npm 11, pnpm, yarn 1 and yarn 4 in an empty folder, and runs
// a program that dumps this machine's links.
//
// The PATH contains only Node: no compiler, no shell. Each package manager installs twice: first from the registry into its own
// caches, then offline from these caches and the lock file, with scripts disabled. `npm run test:install -- npm10 pnpm` runs only those.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '../prebuild/report.mjs';
import { root } from '../prepare.mjs';

const PROGRAM = `
import { lastValueFrom } from 'rxjs';
import { rtLink } from 'rxnetlink/families/rt-link';
const rows = await lastValueFrom(rtLink().list('getlink'));
console.log(JSON.stringify(rows.map(({ ifname }) => ifname).sort()));
`;

/** The package managers. No compiler is in the PATH, so a package that needs one fails to install. */
const MANAGERS = {
  npm10: { package: 'npm@10', bin: 'npm/bin/npm-cli.js', first: ['install'], again: ['ci', '--offline', '--ignore-scripts'] },
  npm11: { package: 'npm@11', bin: 'npm/bin/npm-cli.js', first: ['install'], again: ['ci', '--offline', '--ignore-scripts'] },
  pnpm: {
    package: 'pnpm@10',
    bin: 'pnpm/bin/pnpm.cjs',
    first: ['install'],
    again: ['install', '--offline', '--frozen-lockfile', '--ignore-scripts'],
  },
  yarn1: {
    package: 'yarn@1',
    bin: 'yarn/bin/yarn.js',
    first: ['install', '--no-progress'],
    again: ['install', '--offline', '--frozen-lockfile', '--ignore-scripts'],
  },
  yarn4: {
    package: '@yarnpkg/cli-dist@4',
    bin: '@yarnpkg/cli-dist/bin/yarn.js',
    first: ['install'],
    again: ['install', '--immutable', '--mode=skip-build'],
    env: { YARN_NODE_LINKER: 'node-modules' },
    envAgain: { YARN_ENABLE_NETWORK: '0' },
  },
  'yarn4-pnp': {
    package: '@yarnpkg/cli-dist@4',
    bin: '@yarnpkg/cli-dist/bin/yarn.js',
    first: ['install'],
    again: ['install', '--immutable', '--mode=skip-build'],
    env: { YARN_NODE_LINKER: 'pnp' },
    envAgain: { YARN_ENABLE_NETWORK: '0' },
    // Plug'n'Play resolves modules with a loader that yarn puts before the program.
    run: ['node'],
  },
};

const report = new Report();
const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-install-'));

/** Runs Node with the given environment only. */
function run(args, { cwd, env = {} }) {
  const began = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env, timeout: 240_000 });
  return { ok: status === 0, stdout, output: `${signal ?? status}\n${stdout}${stderr}`, seconds: (performance.now() - began) / 1000 };
}

/** Installs a package manager into .cache; returns the path of its program, or undefined if the registry does not answer. */
function getManager(name, { package: wanted, bin }) {
  const place = join(root, '.cache/managers', name.replace('-pnp', ''));
  const program = join(place, 'node_modules', bin);
  if (existsSync(program)) return program;
  mkdirSync(place, { recursive: true });
  spawnSync('npm', ['install', '--prefix', place, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', wanted]);
  return existsSync(program) ? program : undefined;
}

/** Returns the names of this machine's links from /proc/net/dev. */
function linkNames() {
  const lines = readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2);
  return JSON.stringify(lines.flatMap((line) => /^\s*([^:]+):/.exec(line)?.[1] ?? []).sort());
}

/** Makes the tarball; returns its path, or undefined if that fails. */
function pack() {
  const env = { ...process.env, RXNETLINK_PACK_PARTIAL: '1' };
  const prepared = spawnSync(process.execPath, ['scripts/prepack.mjs'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (prepared.status === 0 && packed.status === 0 && name !== undefined) return join(folder, name);
  report.fail('test:install', `the package could not be packed\n${packed.stderr}`);
  return undefined;
}

/** Installs twice with a package manager, and runs the program after each installation. */
function test(name, manager, tarball) {
  const program = getManager(name, manager);
  if (program === undefined) return report.skip(name, `${manager.package} could not be installed from npm`, [`npm:${manager.package}`]);
  const project = join(folder, name);
  const home = join(folder, `${name}-home`);
  const path = join(folder, 'path');
  for (const place of [project, home, path]) mkdirSync(place, { recursive: true });
  if (!existsSync(join(path, 'node'))) symlinkSync(process.execPath, join(path, 'node'));
  // `env` of the machine may name a registry; everything else is omitted.
  const registry = Object.entries(process.env).filter(([key]) =>
    /^(?:npm_config_registry|YARN_NPM_REGISTRY_SERVER|NODE_EXTRA_CA_CERTS|https?_proxy)$/i.test(key),
  );
  const env = {
    PATH: path,
    HOME: home,
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_GLOBAL_CACHE: '1',
    ...Object.fromEntries(registry),
    ...manager.env,
  };
  const dependencies = { rxjs: '^7.8.0', rxnetlink: `file:${tarball}` };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true, dependencies }));
  writeFileSync(join(project, 'program.mjs'), PROGRAM);
  const expected = linkNames();

  const step = (title, args, more = {}) => {
    const installed = run([program, ...args], { cwd: project, env: { ...env, ...more } });
    if (!installed.ok) return (report.fail(`${name}: ${title}`, installed.output), false);
    const started = run(manager.run === undefined ? ['program.mjs'] : [program, ...manager.run, 'program.mjs'], { cwd: project, env });
    const names = started.stdout.trim();
    if (!started.ok || names !== expected) return (report.fail(`${name}: ${title}: the program`, started.output), false);
    report.pass(`${name}: ${title}: links are listed after ${(installed.seconds + started.seconds).toFixed(1)} s`);
    return true;
  };
  if (!step(manager.first.join(' '), manager.first)) return;
  for (const place of ['node_modules', '.pnp.cjs', '.pnp.loader.mjs', '.yarn'])
    rmSync(join(project, place), { recursive: true, force: true });
  step(`${manager.again.join(' ')} (offline)`, manager.again, manager.envAgain);
}

try {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in MANAGERS));
  if (unknown.length > 0)
    report.fail('test:install', `no such package manager: ${unknown.join(', ')}; expected ${Object.keys(MANAGERS).join(', ')}`);
  const answers = spawnSync('npm', ['view', 'rxjs@7', 'version'], { cwd: folder, encoding: 'utf8' }).status === 0;
  if (!answers)
    report.skip(
      'test:install',
      'the registry does not answer',
      Object.values(MANAGERS).map((manager) => `npm:${manager.package}`),
    );
  const tarball = answers ? pack() : undefined;
  if (tarball !== undefined) {
    for (const [name, manager] of Object.entries(MANAGERS)) if (named.length === 0 || named.includes(name)) test(name, manager, tarball);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report.leave();
