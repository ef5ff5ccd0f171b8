import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { omitUndefined } from '../../lib/check/index.js';

import { command, tryCommand } from '../support/command.js';
import { foreignOptions, freshLists, PackageUnavailableError, suiteLists } from '../support/debian/package-lists.js';

/** An unpacked kernel package. */
export interface KernelPackage {
  /** Name of the package, which contains the release. */
  readonly name: string;
  /** The release that `uname -r` prints on it. */
  readonly release: string;
  /** Path of the kernel image. */
  readonly image: string;
  /** Folder that contains `lib/modules`, with the indexes that modprobe needs. */
  readonly root: string;
}

/** Choice of a kernel. */
export interface KernelChoice {
  /** Debian's release; by default the one of this machine. */
  readonly suite?: string | undefined;
  /** Debian's name of the architecture. */
  readonly architecture: string;
  /** Packages that are unpacked into the same folder with everything that they depend on: the file system of a foreign machine. */
  readonly packages?: readonly string[];
}

/**
 * Returns Debian's own kernel: downloads and unpacks the package once, installs nothing.
 *
 * The package lists of the machine are only read. If they lack the package, or name a version that the mirror no longer
 * has, fresh lists are fetched into the cache folder.
 *
 * @param refresh - Downloads it again.
 */
export function kernelPackage(cache: string, refresh: boolean, choice: KernelChoice): KernelPackage {
  const foreign = choice.packages === undefined ? [] : [choice.architecture];
  const unpacked = join(cache, ['kernel', ...(choice.suite === undefined ? [] : [choice.suite]), ...foreign].join('-'));
  if (refresh) rmSync(unpacked, { recursive: true, force: true });
  if (!existsSync(join(unpacked, 'package'))) fetchKernel(cache, unpacked, choice);
  const release = readdirSync(join(unpacked, 'usr/lib/modules'))[0]!;
  const name = readFileSync(join(unpacked, 'package'), 'utf8').trim();
  const images = [join(unpacked, 'boot', `vmlinuz-${release}`), join(unpacked, 'usr/lib/modules', release, 'vmlinuz')];
  const image = images.find((path) => existsSync(path));
  if (image === undefined) throw new Error(`${name} contains no image: neither ${images.join(' nor ')} exists`);
  return { name, release, image, root: unpacked };
}

function fetchKernel(cache: string, unpacked: string, choice: KernelChoice): void {
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const { name, files } = download(cache, work, choice);
    const root = join(work, 'root');
    mkdirSync(root);
    for (const file of files) command('dpkg-deb', ['-x', file, root]);
    if (!existsSync(join(root, 'usr/lib/modules'))) renameSync(join(root, 'lib'), join(root, 'usr/lib'));
    for (const folder of ['bin', 'lib', 'sbin']) {
      if (existsSync(join(root, 'usr', folder)) && !existsSync(join(root, folder))) symlinkSync(`usr/${folder}`, join(root, folder));
    }
    const release = readdirSync(join(root, 'usr/lib/modules'))[0];
    if (release === undefined) throw new Error(`${name} contains no modules`);
    command('depmod', ['-b', root, release]);
    writeFileSync(join(root, 'package'), `${name}\n`);
    rmSync(unpacked, { recursive: true, force: true });
    renameSync(root, unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function download(
  cache: string,
  work: string,
  { suite, architecture, packages }: KernelChoice,
): { readonly name: string; readonly files: readonly string[] } {
  const meta = `linux-image-${architecture}`;
  const problems: string[] = [];
  for (const prepare of listsOf(cache, { suite, architecture, ...omitUndefined({ packages }) })) {
    const { options, problem } = prepare();
    const name = problem === undefined ? imagePackage(meta, options) : undefined;
    if (name === undefined) {
      problems.push(problem ?? `${meta} is not in the package lists`);
      continue;
    }
    const names = new Set([name, ...partsOf(name, options), ...(packages === undefined ? [] : withDependencies(packages, options))]);
    const { status, stderr } = tryCommand('apt-get', [...options, '-q', 'download', ...names], { cwd: work });
    const files = readdirSync(work).filter((entry) => entry.endsWith('.deb'));
    if (status === 0 && files.length === names.size) return { name, files: files.map((file) => join(work, file)) };
    problems.push(`${name}: ${stderr.trim()}`);
  }
  throw new PackageUnavailableError(problems.join('; '));
}

/** Package lists to try one after another. */
function listsOf(cache: string, { suite, architecture, packages }: KernelChoice): (() => ReturnType<typeof freshLists>)[] {
  if (suite === undefined) return [() => ({ options: [] }), () => freshLists(join(cache, 'apt'))];
  const foreign = packages === undefined ? [] : foreignOptions(architecture);
  return [() => suiteLists(join(cache, ['apt', suite, ...(packages === undefined ? [] : [architecture])].join('-')), suite, foreign)];
}

/** Follows the meta package to the one that contains the kernel. */
function imagePackage(meta: string, options: readonly string[]): string | undefined {
  const { status, stdout } = tryCommand('apt-cache', [...options, 'depends', meta]);
  return status === 0 ? /Depends: (linux-image-\S+)/.exec(stdout.toString())?.[1] : undefined;
}

/** Returns the packages that contain the image, the modules and the list of built-in modules; until Linux 7.2 one package contains all. */
function partsOf(image: string, options: readonly string[]): string[] {
  const { stdout } = tryCommand('apt-cache', [...options, 'depends', image]);
  return [...stdout.toString().matchAll(/Depends: (linux-(?:base|binary|modules)-\d\S+)/g)].map(([, name]) => name ?? '');
}

/** Returns the packages that apt would install on an empty machine. */
function withDependencies(packages: readonly string[], options: readonly string[]): string[] {
  const { stdout } = tryCommand('apt-get', [...options, '-s', 'install', '--no-install-recommends', ...packages]);
  return [...stdout.toString().matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '');
}
