// `npm run bundlers`: installs the bundlers of spec/package/bundlers-spec.ts into .cache. `npm run test:long` builds with all of them.
// esbuild is a development dependency; the others are too large for that.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare.mjs';

const PACKAGES = ['vite@7', 'webpack@5', 'webpack-cli@6', 'rollup@4', '@rollup/plugin-commonjs@28', '@rollup/plugin-node-resolve@16'];

const folder = join(root, '.cache/bundlers');
const names = PACKAGES.map((name) => name.replace(/@\d+$/, ''));
if (!names.every((name) => existsSync(join(folder, 'node_modules', name, 'package.json')))) {
  mkdirSync(folder, { recursive: true });
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', folder, ...flags, ...PACKAGES], { encoding: 'utf8' });
  // The specs skip, and name the missing bundler.
  if (status !== 0) console.log(`rxnetlink: bundlers: ${names.join(', ')} could not be installed: ${stderr.trim().split('\n', 1)[0]}`);
}
