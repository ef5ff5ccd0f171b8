// `npm run prebuild:verify`: builds each prebuild, loads it in a Node of its architecture under qemu-user, and dumps this machine's links.
// `npm run prebuild:verify -- arm64 s390x` verifies only those.
//
// Node comes from npm's packages node-linux-*; its C library is that of Debian's cross compilers. npm has no package for
// riscv64: set RXNETLINK_SYSROOT_RISCV64 to a folder where Debian's nodejs of that architecture and its dependencies are
// unpacked (dpkg -x), with lib as a link to usr/lib.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prebuild } from './prebuild.mjs';
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

/** A Node of another architecture that cannot be run. */
const unavailable = (reason, ...programs) => ({ reason, programs });

/** Returns the path of a Node of that architecture and the folder of its libraries, or why there is none. */
function findNode({ arch, compiler, nodePackage }) {
  const given = process.env[`RXNETLINK_SYSROOT_${arch.toUpperCase()}`];
  if (given !== undefined) return { node: join(given, 'usr/bin/node'), libraries: given };
  if (nodePackage === undefined) return unavailable(`npm has no Node for ${arch}; set RXNETLINK_SYSROOT_${arch.toUpperCase()}`);
  const libraries = `/usr/${compiler.replace(/-g\+\+$/, '')}`;
  if (!existsSync(join(libraries, 'lib'))) return unavailable(`${libraries}/lib does not exist; it comes with ${compiler}`, compiler);
  const folder = join(root, '.cache/nodes', `${MAJOR}-${arch}`);
  const node = join(folder, 'node_modules', nodePackage, 'bin/node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--force'];
    const { status, stderr } = spawnSync('npm', ['install', '--prefix', folder, ...flags, `${nodePackage}@${MAJOR}`], { encoding: 'utf8' });
    if (status !== 0 || !existsSync(node)) {
      const wanted = `${nodePackage}@${MAJOR}`;
      return unavailable(`${wanted} could not be installed from npm: ${stderr.trim().split('\n', 1)[0]}`, `npm:${wanted}`);
    }
  }
  return { node, libraries };
}

/** Returns the command that runs Node for a target, or why it cannot be run. */
function commandOf(target, missing) {
  if (missing !== undefined) return unavailable(`${target.file} cannot be built: ${missing} is not installed`, missing);
  if (target.arch === process.arch) return { command: [process.execPath] };
  const emulator = [target.emulator, target.emulator.replace('-static', '')].find((name) => spawnSync(name, ['--version']).status === 0);
  if (emulator === undefined) return unavailable(`${target.emulator} is not installed`, target.emulator);
  const found = findNode(target);
  return found.reason === undefined ? { command: [emulator, '-L', found.libraries, found.node] } : found;
}

const report = new Report();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !TARGETS.some(({ arch }) => arch === name));
if (unknown.length > 0) report.fail('prebuild:verify', `no such architecture: ${unknown.join(', ')}`);
for (const target of await prebuild(TARGETS.filter(({ arch }) => named.length === 0 || named.includes(arch)))) {
  const title = `the prebuild for ${target.arch} loads and dumps links`;
  const addon = join(root, target.file);
  const { command, reason, programs } = commandOf(target, target.missing);
  if (command === undefined) {
    report.skip(title, reason, programs);
    continue;
  }
  const began = performance.now();
  const [program, ...args] = [...command, '--input-type=module', '--eval', PROGRAM];
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, RXNETLINK_ADDON: addon, NODE_OPTIONS: '' },
    timeout: 300_000,
  });
  const expected = JSON.stringify(linkNames());
  const reply = status === 0 ? JSON.parse(stdout) : undefined;
  if (reply === undefined) report.fail(title, `Node ended with ${signal ?? status}: ${stderr}`);
  else if (reply.arch !== target.arch) report.fail(title, `Node runs on ${reply.arch}`);
  else if (JSON.stringify(reply.names) !== expected)
    report.fail(title, `it lists ${JSON.stringify(reply.names)}; /proc/self/net/dev lists ${expected}`);
  else report.pass(`${title} (Node ${reply.version}, ${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
report.leave();
