// Compiles the addon for one machine without linking any library.
//
// Node has a C library loaded. A shared object that names no library and no symbol version takes its functions from there,
// whichever C library it is.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './check.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const FLAGS = [
  ...['-std=c++17', '-O2', '-Wall', '-Wextra', '-fPIC', '-shared', '-nostdlib', '-s'],
  ...['-fno-exceptions', '-fno-rtti', '-fno-unwind-tables', '-fno-asynchronous-unwind-tables'],
  ...['-fvisibility=hidden', '-fvisibility-inlines-hidden', '-ffunction-sections', '-fdata-sections'],
  // Each of these would call a function that not every C library has.
  ...['-fno-threadsafe-statics', '-fno-stack-protector', '-U_FORTIFY_SOURCE', '-U_TIME_BITS'],
  // The wrappers of node-addon-api are large and called once for each method: inlined they are half of the file.
  ...['--param', 'max-inline-insns-auto=4', '--param', 'max-inline-insns-single=8'],
  '-Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack,--build-id=none,--unresolved-symbols=ignore-all',
];

const EXPORTS = '{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n';

/** Returns the compiler of a target as it is called here, or undefined when there is none. */
export function compilerOf({ compiler, arch }) {
  const names = arch === process.arch ? [compiler, 'g++'] : [compiler];
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/**
 * Compiles the addon and checks the file.
 *
 * @param headers - Folders with node_api.h and uv.h, and with napi.h.
 * @param output - The file to write; it is replaced only by one that has no fault.
 * @throws When the compiler fails or the file has a fault.
 */
export async function compile(target, { compiler, headers, output, warningsAreErrors = false }) {
  const { sources, runtime, defines } = JSON.parse(readFileSync(join(root, 'native/build.json'), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-compile-'));
  try {
    const exported = join(folder, 'exports.map');
    writeFileSync(exported, EXPORTS);
    // One translation unit: each would parse napi.h again, which takes most of the time of a compiler.
    const unit = join(folder, 'rxnetlink.cpp');
    writeFileSync(unit, [...sources, ...runtime].map((source) => `#include "${join(root, source)}"\n`).join(''));
    const built = join(folder, 'rxnetlink.node');
    await run(compiler, [
      ...FLAGS,
      ...(warningsAreErrors ? ['-Werror'] : []),
      ...target.flags,
      ...defines.map((define) => `-D${define}`),
      ...headers.map((header) => `-isystem${header}`),
      unit,
      // The processor's helpers, such as division; the linker takes their code, not a library.
      '-lgcc',
      `-Wl,--version-script=${exported}`,
      ...['-o', built],
    ]);
    const readelf = spawnSync(compiler, ['-print-prog-name=readelf'], { encoding: 'utf8' }).stdout.trim();
    const faults = faultsOf(built, { readelf, machine: target.machine });
    if (faults.length > 0) throw new Error(`the addon for ${target.arch} would not load everywhere:\n  ${faults.join('\n  ')}`);
    const bytes = readFileSync(built);
    mkdirSync(dirname(output), { recursive: true });
    // In two steps: a process may have the old file mapped.
    writeFileSync(`${output}.new`, bytes, { mode: 0o755 });
    renameSync(`${output}.new`, output);
    return bytes.length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the folder of napi.h, or undefined when node-addon-api is not installed. */
export function napiHeaders(folder = root) {
  try {
    return dirname(createRequire(join(folder, 'package.json')).resolve('node-addon-api/package.json'));
  } catch {
    return undefined;
  }
}

function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${program} failed with status ${status}:\n${output}`));
    });
  });
}

/** Returns the include folder of an installation of Node, or undefined when uv.h is not there. */
export function nodeInclude(folder) {
  const include = join(folder ?? '', 'include/node');
  return folder !== undefined && existsSync(join(include, 'uv.h')) ? include : undefined;
}
