import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { command, tryCommand } from '../support/command.js';

const META_PACKAGE = 'linux-image-amd64';

/** An unpacked kernel package. */
export interface KernelPackage {
  /** Name of the package, which holds the release. */
  readonly name: string;
  /** What `uname -r` says on it. */
  readonly release: string;
  /** Path of the kernel image. */
  readonly image: string;
  /** Folder that holds `lib/modules`, with the indexes that modprobe wants. */
  readonly root: string;
}

/** The distribution has no such package, or cannot be asked: the caller skips. */
export class PackageUnavailableError extends Error {}

/**
 * Gets Debian's own kernel: downloads and unpacks the package once, installs nothing.
 *
 * The package lists of the machine are only read. Where they know nothing of the package, or name a version that the
 * mirror no longer has, fresh lists are fetched into the cache folder.
 *
 * @param suite - The release of Debian whose kernel is wanted; the machine's own by default.
 */
export function kernelPackage(cache: string, refresh: boolean, suite?: string): KernelPackage {
  const unpacked = join(cache, suite === undefined ? 'kernel' : `kernel-${suite}`);
  if (refresh) rmSync(unpacked, { recursive: true, force: true });
  if (!existsSync(join(unpacked, 'package'))) fetchKernel(cache, unpacked, suite);
  const release = readdirSync(join(unpacked, 'usr/lib/modules'))[0]!;
  const name = readFileSync(join(unpacked, 'package'), 'utf8').trim();
  const images = [join(unpacked, 'boot', `vmlinuz-${release}`), join(unpacked, 'usr/lib/modules', release, 'vmlinuz')];
  const image = images.find((path) => existsSync(path));
  if (image === undefined) throw new Error(`${name} holds no image: neither ${images.join(' nor ')} exists`);
  return { name, release, image, root: unpacked };
}

function fetchKernel(cache: string, unpacked: string, suite: string | undefined): void {
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const { name, files } = download(cache, work, suite);
    const root = join(work, 'root');
    mkdirSync(root);
    for (const file of files) command('dpkg-deb', ['-x', file, root]);
    if (!existsSync(join(root, 'usr/lib/modules'))) renameSync(join(root, 'lib'), join(root, 'usr/lib'));
    if (!existsSync(join(root, 'lib'))) symlinkSync('usr/lib', join(root, 'lib'));
    const release = readdirSync(join(root, 'usr/lib/modules'))[0];
    if (release === undefined) throw new Error(`${name} holds no modules`);
    command('depmod', ['-b', root, release]);
    writeFileSync(join(root, 'package'), `${name}\n`);
    rmSync(unpacked, { recursive: true, force: true });
    renameSync(root, unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function download(cache: string, work: string, suite: string | undefined): { name: string; files: readonly string[] } {
  const problems: string[] = [];
  const own = [(): string[] => [], (): string[] => freshLists(join(cache, 'apt'))];
  for (const prepare of suite === undefined ? own : [(): string[] => suiteLists(cache, suite)]) {
    const options = prepare();
    const name = imagePackage(options);
    if (name === undefined) {
      problems.push(`${META_PACKAGE} is not in the package lists`);
      continue;
    }
    const packages = [name, ...partsOf(name, options)];
    const { status, stderr } = tryCommand('apt-get', [...options, '-q', 'download', ...packages], { cwd: work });
    const files = readdirSync(work).filter((entry) => entry.endsWith('.deb'));
    if (status === 0 && files.length === packages.length) return { name, files: files.map((file) => join(work, file)) };
    problems.push(`${name}: ${stderr.trim()}`);
  }
  throw new PackageUnavailableError(problems.join('; '));
}

/** Follows the meta package to the one that holds the kernel. */
function imagePackage(options: readonly string[]): string | undefined {
  const { status, stdout } = tryCommand('apt-cache', [...options, 'depends', META_PACKAGE]);
  return status === 0 ? /Depends: (linux-image-\S+)/.exec(stdout.toString())?.[1] : undefined;
}

/** Returns the packages that hold the image, the modules and the list of built-in modules; until Linux 7.2 one package holds all. */
function partsOf(image: string, options: readonly string[]): string[] {
  const { stdout } = tryCommand('apt-cache', [...options, 'depends', image]);
  return [...stdout.toString().matchAll(/Depends: (linux-(?:base|binary|modules)-\d\S+)/g)].map(([, name]) => name ?? '');
}

/** Returns options that make apt use the lists of one suite, and no other. */
function suiteLists(cache: string, suite: string): string[] {
  const folder = join(cache, `apt-${suite}`);
  mkdirSync(folder, { recursive: true });
  const sources = join(folder, 'sources.list');
  writeFileSync(sources, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror()} ${suite} main\n`);
  return freshLists(folder, ['-o', `Dir::Etc::SourceList=${sources}`, '-o', 'Dir::Etc::SourceParts=-']);
}

/** Returns the address of the mirror that this machine uses. */
function mirror(): string {
  const { stdout } = tryCommand('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const addresses = stdout.toString().split('\n');
  return addresses.find((address) => /^https?:.*\/debian\/?$/.test(address)) ?? 'http://deb.debian.org/debian';
}

/** Returns options that make apt use lists in a folder, and fetches these lists. */
function freshLists(folder: string, given: readonly string[] = []): string[] {
  const lists = join(folder, 'lists');
  const archives = join(folder, 'cache');
  for (const folder of [join(lists, 'partial'), join(archives, 'archives/partial')]) mkdirSync(folder, { recursive: true });
  const options = [...given, '-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${archives}`];
  const { status, stderr } = tryCommand('apt-get', [...options, '-q', 'update']);
  if (status !== 0) throw new PackageUnavailableError(`no package lists: ${stderr.trim()}`);
  return options;
}
