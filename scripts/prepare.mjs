// `node scripts/prepare.mjs`: installs and builds only what a working copy lacks, and prints each step on stderr.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const read = (path) => readFileSync(join(root, path), 'utf8');
const readJson = (path) => (existsSync(join(root, path)) ? JSON.parse(read(path)) : undefined);

/** Runs an npm command with its output on stderr; ends the process if it fails. */
function npm(...args) {
  return new Promise((resolve) => {
    const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', ({ message }) => fail(message));
    child.once('exit', (status) => (status === 0 ? resolve() : process.exit(1)));
  });
}

function fail(message) {
  console.error(`rxnetlink: npm could not be started (${message}); install npm`);
  process.exit(1);
}

/** Returns all files below the given files and folders, in a fixed order. */
export function filesBelow(...paths) {
  return paths.flatMap((path) => {
    const full = join(root, path);
    if (!existsSync(full)) return [];
    if (!statSync(full).isDirectory()) return [path];
    return filesBelow(
      ...readdirSync(full)
        .sort()
        .map((name) => join(path, name)),
    );
  });
}

/** Returns a hash of the files below the given paths. */
export function fingerprint(...paths) {
  const hash = createHash('sha256').update(process.arch);
  for (const file of filesBelow(...paths)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Runs `build` unless the stamp in `folder` has the fingerprint of the same inputs. */
async function once(folder, inputs, build) {
  const stamp = join(root, folder, '.stamp');
  const now = fingerprint(...inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/** Returns true if node_modules contains the versions of the lock file. */
function isInstalled() {
  const wanted = readJson('package-lock.json');
  const present = readJson('node_modules/.package-lock.json');
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted.packages).every(([path, { version, optional, peer }]) => {
    return path === '' || optional === true || peer === true || present.packages[path]?.version === version;
  });
}

/** Installs the dependencies unless node_modules contains them. */
export async function install() {
  if (isInstalled()) return;
  console.error('rxnetlink: installing dependencies');
  await npm('ci', '--no-audit', '--no-fund');
}

/** Builds the addon and the JavaScript, both at once, if their sources have changed. */
export async function build() {
  const addon = once('build', ['binding.gyp', 'native', 'node_modules/node-addon-api/package.json', 'scripts/build-native.mjs'], () => {
    console.error('rxnetlink: building the native addon');
    return npm('run', '--silent', 'build:native');
  });
  const javascript = once(
    'dist',
    [
      'lib',
      'package.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'scripts/bundle.mjs',
      'scripts/support/close-classes.mjs',
      'node_modules/typescript/package.json',
    ],
    () => {
      console.error('rxnetlink: compiling');
      return npm('run', '--silent', 'build:ts');
    },
  );
  await Promise.all([addon, javascript]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await install();
  await build();
}
