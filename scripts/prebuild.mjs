// `npm run prebuild`: the addon for every machine whose compiler is installed. `npm run prebuild -- arm64 s390x` builds only
// those, and fails when a compiler is missing. A file whose sources have not changed is kept.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint, root } from './prepare.mjs';
import { compile, compilerOf, napiHeaders, nodeInclude } from './prebuild/compile.mjs';
import { headersBesideNode } from './prebuild/headers.mjs';
import { TARGETS } from './prebuild/targets.mjs';

const INPUTS = ['native', 'scripts/prebuild', 'node_modules/node-addon-api/package.json'];

/**
 * Builds prebuilds, as many at once as there are processors.
 *
 * @param targets - Those to build.
 * @returns Their targets with `missing`, the compiler that is not installed, or with `size` in bytes.
 */
export async function prebuild(targets = TARGETS, log = console.error) {
  // node-gyp has downloaded the headers when they are not beside Node.
  const downloaded = join(homedir(), '.cache/node-gyp', process.versions.node);
  const include = nodeInclude(process.env.npm_config_nodedir ?? headersBesideNode()) ?? nodeInclude(downloaded);
  const napi = napiHeaders();
  if (include === undefined)
    throw new Error('the headers of Node were not found beside it; set npm_config_nodedir to a folder that has include/node/uv.h');
  if (napi === undefined) throw new Error('node-addon-api is not installed; run npm ci');

  const inputs = fingerprint(...INPUTS);
  const queue = [...targets];
  const results = [];
  const work = async () => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) results.push(await one(target));
  };
  const one = async (target) => {
    const output = join(root, target.file);
    const stamp = join(root, '.cache/prebuild', `${target.arch}.stamp`);
    if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs)
      return { ...target, size: readFileSync(output).length };
    const compiler = compilerOf(target);
    if (compiler === undefined) return { ...target, missing: target.compiler };
    const began = performance.now();
    const size = await compile(target, { compiler, headers: [include, napi], output, warningsAreErrors: true });
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, inputs);
    log(`${target.file}: ${size} bytes, ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return { ...target, size };
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

async function main(names) {
  const unknown = names.filter((name) => !TARGETS.some(({ arch }) => arch === name));
  if (unknown.length > 0)
    throw new Error(`no such architecture: ${unknown.join(', ')}; expected ${TARGETS.map(({ arch }) => arch).join(', ')}`);
  const results = await prebuild(names.length > 0 ? TARGETS.filter(({ arch }) => names.includes(arch)) : TARGETS, console.log);
  const missing = results.filter((result) => result.missing !== undefined);
  for (const { arch, missing: compiler, debianPackage } of missing) {
    console.log(`skipped: ${arch}: ${compiler} is not installed (Debian: apt-get install ${debianPackage})`);
  }
  if (names.length > 0 && missing.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(`rxnetlink: prebuild: ${error.message}`);
    process.exitCode = 1;
  });
}
