// `npm run test:node`: unit, native and kernel specs under every supported version of Node, in the jobs of `npm test`.
// `npm run test:node -- 26 spec/socket/*-spec.ts` runs only those specs, under that version. With `--prebuilt` they use the prebuilt
// addon of this machine instead of the one that node-gyp built. With `--bare` the kernel specs run without the programs that
// `test:bare programs` takes away.
//
// Each Node comes from npm's package node-linux-* and stays in .cache. One build of the addon serves all versions.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../prepare.mjs';
import { prebuiltAddon } from './addon/prebuilt-addon.mjs';
import { KERNEL_STAGES } from './stages.mjs';
import { readReports, writeSum } from './reports/skips.mjs';

/** The oldest version that package.json accepts, then the newest of each line that Node maintains, then the newest of all. */
const VERSIONS = ['20.19', '22', '24', '26'];

/** The stages whose specs depend on the version of Node. */
const STAGES = ['spec', ...KERNEL_STAGES, 'timed'];

const name = `node-linux-${process.arch}`;
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');

const given = process.argv.slice(2);
const versions = given.filter((word) => /^\d+(?:\.\d+)*$/.test(word));
const prebuilt = given.includes('--prebuilt');
const bare = given.includes('--bare');
const named = given.filter((word) => !versions.includes(word) && word !== '--prebuilt' && word !== '--bare');

/** Returns the file for the figures of a version. */
function reportOf(version) {
  const file = process.env.RXNETLINK_REPORT ?? join(root, '.cache/reports/test-node.json');
  return versions.length === 1 ? file : file.replace(/\.json$/, `-${version}.json`);
}

/** Writes a report with the reason why no spec ran. */
function skip(version, reason) {
  const report = reportOf(version);
  mkdirSync(dirname(report), { recursive: true });
  const skips = [{ title: `Node ${version} [skipped: ${reason}]`, reason, programs: [`npm:${name}@${version}`] }];
  writeFileSync(report, JSON.stringify({ passed: 0, failed: 0, skipped: 1, skips }));
  console.log(`skipped: Node ${version}: ${reason}`);
  return true;
}

/** Runs the specs under one version; returns false if any failed. */
function run(version) {
  const folder = join(root, '.cache/nodes', version);
  const node = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`];
    const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
    if (status !== 0 || !existsSync(node))
      return skip(version, `${name}@${version} could not be installed from npm: ${stderr.trim().split('\n', 1)[0]}`);
  }
  const found = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!found) return skip(version, `${node} does not run here`);
  console.log(`\nunder Node ${found}`);
  const start = (args, env) =>
    spawnSync(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...ADDON, ...env } }).status === 0;
  if (named.length > 0) return start([mocha, '--forbid-only', ...named], { RXNETLINK_REPORT: reportOf(version) });
  const reports = join(folder, 'reports');
  const stages = bare ? ['spec'] : STAGES;
  let passed = start([join(root, 'scripts/gate/test.mjs'), ...stages], { RXNETLINK_REPORTS: reports, RXNETLINK_TIMES: '' });
  if (bare) passed = start([join(root, 'scripts/gate/bare.mjs'), 'programs'], { RXNETLINK_REPORT: join(reports, 'bare.json') }) && passed;
  writeSum(readReports(reports), reportOf(version));
  return passed;
}

const ADDON = prebuilt ? { RXNETLINK_ADDON: await prebuiltAddon('test:node') } : {};
if (versions.length === 0) versions.push(...VERSIONS);
process.exitCode = versions.map(run).every(Boolean) ? 0 : 1;
