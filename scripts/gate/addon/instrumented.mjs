// Shared by `npm run test:asan` and `npm run test:valgrind`: builds the addon with a tool into a separate folder, and runs the specs
// of the addon with that build.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, root } from '../../prepare.mjs';

/** Runs a command and shows its output; ends the process if the command cannot start. */
export function show(command, args, env = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error !== undefined) fail(`${command} cannot be started: ${error.message}`);
  return status ?? signal;
}

export function fail(reason) {
  console.error(`rxnetlink: ${reason}`);
  process.exit(1);
}

/** Installs a missing program with apt-get as root; ends the process if that is not possible. */
export function need(program, packageName) {
  if (spawnSync(program, ['--version']).status === 0) return;
  const mayInstall = process.getuid() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!mayInstall || show('apt-get', ['install', '-y', packageName]) !== 0)
    fail(`${program} is not installed (Debian: apt-get install ${packageName})`);
}

/**
 * Builds the addon with more flags.
 *
 * @returns The folder of the build, and an empty folder for the tool's logs.
 */
export function buildWith(name, flags, linkerFlags = '') {
  const folder = join(root, '.cache', name);
  const logs = join(folder, 'logs');
  rmSync(join(folder, 'native'), { recursive: true, force: true });
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  for (const part of ['native', 'binding.gyp', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(root, 'node_modules'), modules);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build-native.mjs'), '--directory', folder], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CXXFLAGS: flags, LDFLAGS: linkerFlags },
  });
  if (status !== 0) fail(`the addon cannot be built for ${name}\n${stdout}${stderr}`);
  return { folder, logs };
}

/** Returns the specs on the command line, or all specs of the given folders. */
export function wantedSpecs(...folders) {
  const named = process.argv.slice(2);
  return named.length > 0 ? named : filesBelow(...folders).filter((file) => file.endsWith('-spec.ts'));
}

/**
 * Runs specs with mocha, with `patience` times the usual time-outs.
 *
 * `--no-config` keeps mocha in one process: the options of .mocharc.json would make it start another.
 *
 * @param prefix - The command that starts Node.
 */
export function runSpecs(prefix, specs, patience, env) {
  const mocha = [
    join(root, 'node_modules/mocha/bin/mocha.js'),
    '--no-config',
    '--reporter',
    join(root, 'scripts/gate/reports/reporter.cjs'),
    '--forbid-only',
  ];
  const command = [...prefix, process.execPath, '--import', 'tsx', ...mocha, '--timeout', String(10_000 * patience), ...specs];
  return show(command[0], command.slice(1), { ...env, RXNETLINK_PATIENCE: String(patience) });
}

/** Returns the texts of all files in a folder of logs. */
export function readLogs(logs) {
  return readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
}
