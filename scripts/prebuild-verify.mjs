// `npm run prebuild:verify`: loads each prebuild in a Node of its architecture under qemu-user, and dumps this machine's links.
// `npm run prebuild:verify -- arm64 s390x` verifies only those.
//
// Node comes from npm's packages node-linux-*; its C library is that of Debian's cross compilers. npm has no package for
// riscv64: set RXNETLINK_SYSROOT_RISCV64 to a folder where Debian's nodejs of that architecture and its dependencies are
// unpacked (dpkg -x), with lib as a link to usr/lib.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { Report } from './prebuild/report.mjs';
import { TARGETS } from './prebuild/targets.mjs';

/** npm has no newer version of Node 20 for some of them; every version since 20.11 can load the addon. */
const MAJOR = 20;

const PROGRAM = `
import { lastValueFrom } from 'rxjs';
import { rtLink } from 'rxnetlink/families/rt-link';
const rows = await lastValueFrom(rtLink().list('getlink'));
console.log(JSON.stringify({ arch: process.arch, version: process.version, names: rows.map(({ ifname }) => ifname).sort() }));
`;

/** The names of this machine's links, as the kernel lists them apart from netlink. */
function linkNames() {
  const lines = readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2);
  return lines.flatMap((line) => /^\s*([^:]+):/.exec(line)?.[1] ?? []).sort();
}

/** Returns the path of a Node of that architecture and the folder of its libraries; a string says why there is none. */
function findNode({ arch, compiler, nodePackage }) {
  const given = process.env[`RXNETLINK_SYSROOT_${arch.toUpperCase()}`];
  if (given !== undefined) return { node: join(given, 'usr/bin/node'), libraries: given };
  if (nodePackage === undefined) return `npm has no Node for ${arch}; set RXNETLINK_SYSROOT_${arch.toUpperCase()}`;
  const libraries = `/usr/${compiler.replace(/-g\+\+$/, '')}`;
  if (!existsSync(join(libraries, 'lib'))) return `${libraries}/lib is not there; it comes with ${compiler}`;
  const folder = join(root, '.cache/nodes', `${MAJOR}-${arch}`);
  const node = join(folder, 'node_modules', nodePackage, 'bin/node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--force'];
    const { status, stderr } = spawnSync('npm', ['install', '--prefix', folder, ...flags, `${nodePackage}@${MAJOR}`], { encoding: 'utf8' });
    if (status !== 0 || !existsSync(node))
      return `${nodePackage}@${MAJOR} could not be installed from npm: ${stderr.trim().split('\n', 1)[0]}`;
  }
  return { node, libraries };
}

/** Returns the command that runs Node for a target; a string says why it cannot be run. */
function commandOf(target) {
  if (target.arch === process.arch) return { command: [process.execPath], env: {} };
  const emulator = [target.emulator, target.emulator.replace('-static', '')].find((name) => spawnSync(name, ['--version']).status === 0);
  if (emulator === undefined) return `${target.emulator} is not installed (Debian: apt-get install qemu-user-static)`;
  const found = findNode(target);
  if (typeof found === 'string') return found;
  return { command: [emulator, '-L', found.libraries, found.node], env: {} };
}

const report = new Report();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !TARGETS.some(({ arch }) => arch === name));
if (unknown.length > 0) report.fail('prebuild:verify', `no such architecture: ${unknown.join(', ')}`);
for (const target of TARGETS.filter(({ arch }) => named.length === 0 || named.includes(arch))) {
  const title = `the prebuild for ${target.arch} loads and dumps links`;
  const addon = join(root, target.file);
  const run = existsSync(addon) ? commandOf(target) : `${target.file} is not built: npm run prebuild -- ${target.arch}`;
  if (typeof run === 'string') {
    report.skip(`${title}: ${run}`);
    continue;
  }
  const began = performance.now();
  const [program, ...args] = [...run.command, '--input-type=module', '--eval', PROGRAM];
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...run.env, RXNETLINK_ADDON: addon, NODE_OPTIONS: '' },
    timeout: 300_000,
  });
  const expected = JSON.stringify(linkNames());
  const said = status === 0 ? JSON.parse(stdout) : undefined;
  if (said === undefined) report.fail(title, `Node ended with ${signal ?? status}: ${stderr}`);
  else if (said.arch !== target.arch) report.fail(title, `Node says that it runs on ${said.arch}`);
  else if (JSON.stringify(said.names) !== expected)
    report.fail(title, `it lists ${JSON.stringify(said.names)}; /proc/self/net/dev lists ${expected}`);
  else report.pass(`${title} (Node ${said.version}, ${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
report.leave();
