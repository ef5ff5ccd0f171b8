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
 */
export function kernelPackage(cache: string, refresh: boolean): KernelPackage {
  const unpacked = join(cache, 'kernel');
  if (refresh) rmSync(unpacked, { recursive: true, force: true });
  if (!existsSync(join(unpacked, 'package'))) fetchKernel(cache, unpacked);
  const release = readdirSync(join(unpacked, 'usr/lib/modules'))[0]!;
  const name = readFileSync(join(unpacked, 'package'), 'utf8').trim();
  return { name, release, image: join(unpacked, 'boot', `vmlinuz-${release}`), root: unpacked };
}

function fetchKernel(cache: string, unpacked: string): void {
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const { name, file } = download(cache, work);
    const root = join(work, 'root');
    mkdirSync(root);
    command('dpkg-deb', ['-x', file, root]);
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

function download(cache: string, work: string): { name: string; file: string } {
  const problems: string[] = [];
  for (const prepare of [() => [], freshLists]) {
    const options = prepare(cache);
    const name = imagePackage(options);
    if (name === undefined) {
      problems.push(`${META_PACKAGE} is not in the package lists`);
      continue;
    }
    const { status, stderr } = tryCommand('apt-get', [...options, '-q', 'download', name], { cwd: work });
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
    if (status === 0 && file !== undefined) return { name, file: join(work, file) };
    problems.push(`${name}: ${stderr.trim()}`);
  }
  throw new PackageUnavailableError(problems.join('; '));
}

/** Follows the meta package to the one that holds the kernel. */
function imagePackage(options: readonly string[]): string | undefined {
  const { status, stdout } = tryCommand('apt-cache', [...options, 'depends', META_PACKAGE]);
  return status === 0 ? /Depends: (linux-image-\S+)/.exec(stdout.toString())?.[1] : undefined;
}

/** Options that make apt use lists of our own, just fetched. */
function freshLists(cache: string): string[] {
  const lists = join(cache, 'apt/lists');
  const archives = join(cache, 'apt/cache');
  for (const folder of [join(lists, 'partial'), join(archives, 'archives/partial')]) mkdirSync(folder, { recursive: true });
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${archives}`];
  const { status, stderr } = tryCommand('apt-get', [...options, '-q', 'update']);
  if (status !== 0) throw new PackageUnavailableError(`no package lists: ${stderr.trim()}`);
  return options;
}
