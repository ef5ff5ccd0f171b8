// Builds the native addon with node-gyp: `npm run build:native`. Its talk is shown only when something goes wrong.
//
// Node's headers are taken from beside the running node where they lie there (as Debian, nvm and the official archives put
// them), so that nothing has to be downloaded; else node-gyp sees to them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder whose include/node/ belongs to this very node, if there is one. */
function headersBesideNode() {
  const folder = dirname(dirname(realpathSync(process.execPath)));
  const header = join(folder, 'include/node/node_version.h');
  if (!existsSync(header)) return undefined;
  const text = readFileSync(header, 'utf8');
  const [major, minor] = ['MAJOR', 'MINOR'].map((part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]);
  return process.version.startsWith(`v${major}.${minor}.`) ? folder : undefined;
}

const nodedir = process.env.npm_config_nodedir ?? headersBesideNode();
// Only a working copy of the project has specs.
const strict = existsSync(join(root, 'spec')) ? ['--warnings_are_errors=1'] : [];
const place = nodedir === undefined ? [] : ['--nodedir', nodedir];
const args = ['configure', 'build', '--jobs', 'max', ...place, ...process.argv.slice(2), ...strict];
const local = join(root, 'node_modules/.bin/node-gyp');
const { status, error, stdout, stderr } = spawnSync(existsSync(local) ? local : 'node-gyp', args, { cwd: root, encoding: 'utf8' });

if (status !== 0) {
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  console.error(
    error === undefined
      ? 'rxnetlink: the native addon could not be built; it takes python3, make and a C++17 compiler (Debian: apt-get install python3 make g++)'
      : `rxnetlink: node-gyp could not be started (${error.message}); run this through npm: npm run build:native`,
  );
  process.exit(1);
}
