import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { command, findProgram, tryCommand } from '../support/command.js';
import { PackageUnavailableError } from '../support/debian/package-lists.js';
import type { KernelPackage } from './kernel-package.js';

/** Our own module; netdevsim comes with the kernel's source. */
const OWN = fileURLToPath(new URL('modules/dpllsim', import.meta.url));
/** Programs that the build needs. */
const PROGRAMS = ['gcc', 'make', 'strip', 'tar', 'xz', 'dpkg-deb', 'apt-get'];
/** Options of the kernel that the build omits: they need tools or keys that this machine lacks. */
const LEFT_OUT = ['CONFIG_DEBUG_INFO_BTF_MODULES=', 'CONFIG_MODULE_SIG='];

/** Where the modules of a kernel are kept; specs load them from there. */
export function simulatedFolder(cache: string, { release }: KernelPackage): string {
  return join(cache, 'simulated', release);
}

/**
 * Builds modules of devices that exist nowhere: netdevsim, which the distribution omits, from its source package of the
 * kernel, and our dpllsim. 170 MB are downloaded, 20 s of compiling follow; then they are kept.
 */
export function buildSimulated(cache: string, kernel: KernelPackage): void {
  const folder = simulatedFolder(cache, kernel);
  if (existsSync(join(folder, 'netdevsim.ko')) && existsSync(join(folder, 'dpllsim.ko'))) return;
  const missing = PROGRAMS.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) throw new PackageUnavailableError(`not installed here: ${missing.join(', ')}`);
  const work = realpathSync(mkdtempSync(join(cache, 'simulated-')));
  try {
    const headers = unpackHeaders(work, kernel.release);
    const source = unpackSource(work, kernel.release);
    const compiler = writeCompiler(work);
    mkdirSync(folder, { recursive: true });
    for (const [name, from] of [
      ['netdevsim', source],
      ['dpllsim', OWN],
    ] as const) {
      const place = join(work, name);
      cpSync(from, place, { recursive: true });
      const options = [`M=${place}`, 'CONFIG_NETDEVSIM=m', ...LEFT_OUT, `CC=${compiler}`, 'CROSS_COMPILE='];
      const { status, stderr } = tryCommand('make', ['-s', '-C', headers, ...options, 'modules']);
      if (status !== 0) throw new PackageUnavailableError(`${name} cannot be built: ${stderr.trim().slice(-400)}`);
      command('strip', ['-g', join(place, `${name}.ko`)]);
      copyFileSync(join(place, `${name}.ko`), join(folder, `${name}.ko`));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Fetches packages and unpacks them into one folder. */
function unpack(work: string, names: readonly string[]): string {
  const { status, stderr } = tryCommand('apt-get', ['-q', 'download', ...names], { cwd: work });
  if (status !== 0) throw new PackageUnavailableError(`${names.join(', ')}: ${stderr.trim()}`);
  const root = join(work, 'root');
  for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
    command('dpkg-deb', ['-x', join(work, file), root]);
    rmSync(join(work, file));
  }
  return root;
}

/** The headers name their other parts by absolute paths: those are bent to where they lie. */
function unpackHeaders(work: string, release: string): string {
  const version = release.replace(/-[^-]*$/, '');
  const root = unpack(work, [`linux-headers-${release}`, `linux-headers-${version}-common`, `linux-kbuild-${version}`]);
  const headers = join(root, 'usr/src', `linux-headers-${release}`);
  const makefile = join(headers, 'Makefile');
  writeFileSync(makefile, readFileSync(makefile, 'utf8').replaceAll(/(?<=[ =])\/usr\/(src|lib)\//g, `${root}/usr/$1/`));
  return headers;
}

function unpackSource(work: string, release: string): string {
  const series = /^\d+\.\d+/.exec(release)![0];
  const name = `linux-source-${series}`;
  const root = unpack(work, [name]);
  const inside = `${name}/drivers/net/netdevsim`;
  command('tar', ['-xf', join(root, 'usr/src', `${name}.tar.xz`), '-C', work, inside]);
  return join(work, inside);
}

/** The kernel was built with a newer compiler: of its options an older one lacks, this is the one without a switch. */
function writeCompiler(work: string): string {
  const path = join(work, 'compiler');
  const lines = ['#!/bin/bash', `exec gcc "\${@/#-fmin-function-alignment=/-falign-functions=}"`, ''];
  writeFileSync(path, lines.join('\n'), { mode: 0o755 });
  return path;
}
