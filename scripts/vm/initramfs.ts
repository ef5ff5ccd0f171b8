import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { command, findProgram } from '../support/command.js';
import { cpioArchive, type ArchiveEntry } from './cpio.js';
import type { KernelPackage } from './kernel-package.js';

/** Modules between the bare kernel and the machine's file system; `virtio_pci` is built in since Linux 6.12. */
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];
const FOLDERS = ['bin', 'dev', 'proc', 'sys', 'modules', 'mnt', 'mnt/machine', 'mnt/memory', 'mnt/root'];

/** Writes the archive that the kernel starts from: a static busybox, `guest/init` and the few modules it loads. */
export function writeInitramfs(kernel: KernelPackage, path: string): void {
  const busybox = findProgram('busybox');
  if (busybox === undefined) throw new Error('busybox is not installed');
  const modules = loadOrder(kernel);
  const entries: ArchiveEntry[] = [
    ...FOLDERS.map((folder) => ({ path: folder })),
    { path: 'bin/busybox', bytes: readFileSync(busybox), executable: true },
    { path: 'init', bytes: readFileSync(new URL('guest/init', import.meta.url)), executable: true },
    ...modules.map((file, index) => ({
      path: `modules/${String(index).padStart(2, '0')}.ko`,
      bytes: file.endsWith('.xz') ? command('xz', ['-dc', file]) : readFileSync(file),
    })),
  ];
  // Another run may be reading the old one.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, cpioArchive(entries));
  renameSync(draft, path);
}

/** Files of the modules and of what they need, in the order in which they load. */
function loadOrder({ root, release }: KernelPackage): string[] {
  const lines = MODULES.flatMap((module) =>
    command('modprobe', ['-d', root, '-S', release, '--show-depends', module]).toString().split('\n'),
  );
  const files = lines.flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(files)];
}

/** Where the initramfs of a kernel is kept. */
export function initramfsPath(cache: string, { release }: KernelPackage): string {
  return join(cache, `initramfs-${release}.img`);
}
