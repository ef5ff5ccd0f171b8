import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { omitUndefined } from '../lib/check/index.js';
import { releaseOf } from './support/debian/releases.js';
import { initramfsPath, writeInitramfs } from './vm/initramfs.js';
import { kernelPackage } from './vm/kernel-package.js';
import { X64 } from './vm/machine-type.js';
import { runMachine } from './vm/machine.js';

/*
 * npm run capture [-- --vm] [--kernel 7.x] [--kernel-options lsm=selinux] [--family tc,nftables] [--but rt-link] [--scene htb,tbf] [--ynl linux/tools/net/ynl --specs linux/Documentation/netlink/specs]
 *
 * Writes spec/fixtures/families again: the messages between tools and this kernel, or the wide kernel with --vm, or that of another
 * release of Debian with --kernel. It needs root, strace and the tools of .ci/run. With --ynl the kernel's Python client decodes the
 * same messages; it needs python3-yaml.
 */
const PROJECT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const CACHE = join(PROJECT, '.cache/vm');
const FIXTURES = join(PROJECT, 'spec/fixtures/families');
const CAPTURE = join(PROJECT, 'spec/fixtures/capture');
/** The time-out of all scenes on the emulated processor, in seconds. */
const PATIENCE = 3600;

const { values } = parseArgs({
  options: {
    vm: { type: 'boolean', default: false },
    kernel: { type: 'string' },
    family: { type: 'string' },
    but: { type: 'string' },
    scene: { type: 'string' },
    ynl: { type: 'string' },
    specs: { type: 'string' },
    'kernel-options': { type: 'string' },
  },
});

process.exitCode = values.vm || values.kernel !== undefined ? await captureInside() : captureHere();

function wanted(): string[] {
  const { family, but, scene, ynl, specs } = values;
  const paths = { ynl: ynl && resolve(ynl), specs: specs && resolve(specs) };
  return Object.entries({ family, but, scene, ...paths }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

function captureHere(): number {
  return spawnSync('python3', ['-B', CAPTURE, '--out', FIXTURES, ...wanted()], { stdio: 'inherit' }).status ?? 1;
}

/** Leads the second serial line of the machine to the monitor of the emulator: a scene can press the power button. */
function monitorOnSecondLine(path: string): string[] {
  return [
    ...['-chardev', `socket,id=line,path=${path},server=on,wait=off`, '-serial', 'chardev:line'],
    ...['-chardev', `socket,id=commands,path=${path}`, '-mon', 'chardev=commands'],
  ];
}

/** Captures inside the virtual machine. Only the report leaves it, so it contains all files. */
async function captureInside(): Promise<number> {
  mkdirSync(CACHE, { recursive: true });
  const suite = values.kernel === undefined ? undefined : releaseOf(values.kernel);
  if (values.kernel !== undefined && suite === undefined) throw new Error(`unknown --kernel '${values.kernel}'`);
  const kernel = kernelPackage(CACHE, false, { architecture: X64.debian, ...omitUndefined({ suite }) });
  const initramfs = initramfsPath(CACHE, kernel);
  if (!existsSync(initramfs)) writeInitramfs(X64, kernel, initramfs);
  const words = ['python3', '-B', CAPTURE, '--json', '/run/vm/report.json', ...wanted()];
  const command = words.map((word) => `'${word}'`).join(' ');
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const { status, report } = await runMachine({
    type: { ...X64, board: [...X64.board, ...monitorOnSecondLine(join(CACHE, `monitor-${process.pid}`))] },
    kernel,
    initramfs,
    cache: CACHE,
    project: PROJECT,
    command,
    kernelOptions: values['kernel-options'],
    patience: PATIENCE,
    print,
  });
  if (report === undefined) return status ?? 1;
  for (const [path, text] of Object.entries(JSON.parse(report) as Record<string, string>)) {
    const file = join(FIXTURES, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, text);
  }
  return status ?? 1;
}
