import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { command, findProgram } from '../support/command.js';
import { cpioArchive, type ArchiveEntry } from './cpio.js';
import type { KernelPackage } from './kernel-package.js';
import type { MachineType } from './machine-type.js';

const FOLDERS = ['bin', 'dev', 'proc', 'sys', 'modules', 'mnt', 'mnt/machine', 'mnt/memory', 'mnt/root'];

/** Writes the archive that the kernel starts from: a static busybox, `guest/init` and the few modules that it loads. */
export function writeInitramfs(type: MachineType, kernel: KernelPackage, path: string): void {
  const foreign = join(kernel.root, 'usr/bin/busybox');
  const busybox = existsSync(foreign) ? foreign : findProgram('busybox');
  if (busybox === undefined) throw new Error('busybox is not installed');
  const modules = loadOrder(type, kernel);
  const entries: ArchiveEntry[] = [
    ...FOLDERS.map((folder) => ({ path: folder })),
    { path: 'bin/busybox', bytes: readFileSync(busybox), executable: true },
    { path: 'init', bytes: readFileSync(new URL('guest/init', import.meta.url)), executable: true },
    ...modules.map((file, index) => ({
      path: `modules/${String(index).padStart(2, '0')}.ko`,
      bytes: file.endsWith('.xz') ? command('xz', ['-dc', file]) : readFileSync(file),
    })),
  ];
  // Another run may be reading the present one.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, cpioArchive(entries));
  renameSync(draft, path);
}

/** Returns the files of the modules and of their dependencies, in the order in which they load. */
function loadOrder(type: MachineType, { root, release }: KernelPackage): string[] {
  const lines = type.modules.flatMap((module) =>
    command('modprobe', ['-d', root, '-S', release, '--show-depends', module]).toString().split('\n'),
  );
  const files = lines.flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(files)];
}

/** Returns the path of a kernel's initramfs in the cache. */
export function initramfsPath(cache: string, { release }: KernelPackage): string {
  return join(cache, `initramfs-${release}.img`);
}
