// `npm run build:native`: builds the native addon for this machine into build/Release. Its output is printed only if it fails.
//
// In a working copy, node-gyp builds the addon with the C++ runtime linked dynamically. The published package has no binding.gyp, because
// npm would build at every install. There this script calls the compiler as for a prebuilt addon.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, compilerOf, napiHeaders, nodeInclude } from './prebuild/compile.mjs';
import { headersBesideNode } from './prebuild/headers.mjs';
import { targetOf } from './prebuild/targets.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodedir = process.env.npm_config_nodedir ?? headersBesideNode();

/** Ends the process with a message. */
function fail(message, output = '') {
  process.stderr.write(output);
  console.error(`rxnetlink: build:native: ${message}`);
  process.exit(1);
}

/** Runs a program and returns its output; prefers a program of node_modules. */
function run(program, args) {
  const local = join(root, 'node_modules/.bin', program);
  const { status, error, stdout, stderr } = spawnSync(existsSync(local) ? local : program, args, { cwd: root, encoding: 'utf8' });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}`, error };
}

/** Returns true if one of the programs is in the PATH, or is a path that exists. */
function isInstalled(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.some((name) => (name.includes('/') ? existsSync(name) : folders.some((folder) => existsSync(join(folder, name)))));
}

/** Returns the Debian packages of missing programs that node-gyp starts. */
function missingPackages() {
  const { CXX, MAKE, PYTHON, npm_config_python: python } = process.env;
  const needed = { python3: [PYTHON, python, 'python3', 'python'], make: [MAKE, 'make'], 'g++': [CXX?.split(' ')[0], 'g++'] };
  return Object.keys(needed).filter((name) => !isInstalled(...needed[name].filter(Boolean)));
}

/** Builds with node-gyp, as developers do. */
function buildWithNodeGyp() {
  const missing = missingPackages();
  if (missing.length > 0)
    fail(`not installed: ${missing.join(', ')}; install what is missing (Debian: apt-get install ${missing.join(' ')})`);
  // Only a working copy of the project has specs.
  const strict = existsSync(join(root, 'spec')) ? ['--warnings_are_errors=1'] : [];
  const place = nodedir === undefined ? [] : ['--nodedir', nodedir];
  const { ok, output, error } = run('node-gyp', ['configure', 'build', '--jobs', 'max', ...place, ...process.argv.slice(2), ...strict]);
  if (ok) return;
  if (error !== undefined) fail(`node-gyp could not be started (${error.message}); run this through npm: npm run build:native`);
  fail('node-gyp failed; it needs Python 3, make and a compiler for C++17', output);
}

/** Returns the folder of Node's headers; downloads them with npm's node-gyp when they are not beside Node. */
function findNodeHeaders() {
  const beside = nodeInclude(nodedir);
  if (beside !== undefined) return beside;
  const cache = join(root, 'build/headers');
  const { ok, output } = run('node-gyp', ['install', '--ensure', '--devdir', cache]);
  const include = nodeInclude(join(cache, process.versions.node));
  if (!ok || include === undefined)
    fail(
      'the headers of Node are not beside it and could not be downloaded; set npm_config_nodedir to a folder that has include/node/uv.h',
      output,
    );
  return include;
}

/** Returns the folder of napi.h; takes node-addon-api from the registry, or from npm's cache, when it is not installed. */
function findNapiHeaders() {
  const installed = napiHeaders();
  if (installed !== undefined) return installed;
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = join(root, 'build/node-addon-api');
  mkdirSync(folder, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const { ok, output } = run('npm', ['install', '--prefix', folder, ...flags, `node-addon-api@${devDependencies['node-addon-api']}`]);
  const headers = napiHeaders(folder);
  if (!ok || headers === undefined) fail('node-addon-api, a build dependency, could not be installed from the registry', output);
  return headers;
}

async function buildWithCompiler() {
  const target = targetOf(process.arch);
  const compiler = compilerOf(target);
  if (compiler === undefined) fail(`no C++17 compiler was found (${target.compiler}, g++); install one (Debian: apt-get install g++)`);
  const headers = [findNodeHeaders(), findNapiHeaders()];
  const output = join(root, 'build/Release/rxnetlink.node');
  await compile({ ...target, file: undefined }, { compiler, headers, output }).catch((error) => fail(error.message));
  console.log(`rxnetlink: built ${output}`);
}

if (existsSync(join(root, 'binding.gyp'))) buildWithNodeGyp();
else await buildWithCompiler();
