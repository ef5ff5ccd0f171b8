import { spawn } from 'node:child_process';
import { copyFileSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { KernelPackage } from './kernel-package.js';
import type { MachineType } from './machine-type.js';

/** Options of a run. */
export interface MachineOptions {
  readonly type: MachineType;
  readonly kernel: KernelPackage;
  readonly initramfs: string;
  /** Folder for what lasts: the console's log; below it, for the time of the run, the exchange folder. */
  readonly cache: string;
  /** The project's folder, which is the working directory inside too. */
  readonly project: string;
  /** Shell text to run inside. */
  readonly command: string;
  /** More words for the command line of the kernel. */
  readonly kernelOptions?: string | undefined;
  /** Seconds after which the machine is switched off. */
  readonly patience: number;
  /** Takes each line of the console. */
  readonly print: (line: string) => void;
}

/** Result of a run. */
export interface MachineResult {
  /** Status of the command; undefined where the machine ended before it. */
  readonly status: number | undefined;
  /** Text of the file `report.json` that the command left in /run/vm, if it did. */
  readonly report: string | undefined;
}

/**
 * The command line of the kernel.
 *
 * On a busy machine the emulated timer fails the check that Linux 5.10 makes at boot, and the kernel panics: `no_timer_check`.
 * The others save a third of the time of programs that start: mitigations, memory that is cleared, and large pages cost an
 * emulator much.
 */
const KERNEL_OPTIONS = 'quiet panic=-1 no_timer_check mitigations=off init_on_alloc=0 hardened_usercopy=off transparent_hugepage=never';

/** Boots the kernel on this machine's file system, or on that of a foreign machine; runs one command there and switches it off. */
export async function runMachine(options: MachineOptions): Promise<MachineResult> {
  const exchange = mkdtempSync(join(options.cache, 'run-'));
  try {
    copyFileSync(fileURLToPath(new URL('guest/guest.sh', import.meta.url)), join(exchange, 'guest.sh'));
    writeFileSync(join(exchange, 'settings.sh'), settings(options));
    writeFileSync(join(exchange, 'command.sh'), `${options.command}\n`);
    await boot(options, exchange);
    const status = read(join(exchange, 'status'));
    return { status: status === undefined ? undefined : Number(status), report: read(join(exchange, 'report.json')) };
  } finally {
    rmSync(exchange, { recursive: true, force: true });
  }
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function settings({ type, kernel, project }: MachineOptions): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const variables = {
    // A foreign machine has its modules and not the project, and this machine's file system is the other way round.
    [type.system === undefined ? 'VM_MODULES' : 'VM_SHARE']: type.system === undefined ? join(kernel.root, 'usr/lib/modules') : 'project',
    VM_PROJECT: project,
    VM_HOST_RELEASE: release(),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

function boot(options: MachineOptions, exchange: string): Promise<void> {
  const child = spawn(options.type.emulator, machineArguments(options, exchange), { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(join(options.cache, `console-${options.kernel.release}.log`));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      options.print(line);
    });
  }
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    options.print(`vm: switched off after ${String(options.patience)} s`);
    kill();
  }, options.patience * 1000);
  process.once('exit', kill);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      process.off('exit', kill);
      log.end(resolve);
    });
  });
}

function machineArguments({ type, kernel, initramfs, project, kernelOptions = '' }: MachineOptions, exchange: string): string[] {
  const share = (id: string, path: string, mode: string): string[] => [
    '-fsdev',
    `local,id=${id},path=${path.replaceAll(',', ',,')},security_model=none,multidevs=remap${mode}`,
    '-device',
    `virtio-9p-${type.bus},fsdev=${id},mount_tag=${id}`,
  ];
  return [
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', ...type.board],
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1536'],
    ...['-kernel', kernel.image, '-initrd', initramfs, '-append', `console=${type.console} ${KERNEL_OPTIONS} ${kernelOptions}`],
    ...['-device', `virtio-rng-${type.bus}`],
    ...type.cards.flatMap((card, index) => [
      '-netdev',
      `hubport,id=card${String(index)},hubid=0`,
      '-device',
      `${card},romfile=,netdev=card${String(index)}`,
    ]),
    ...share('machine', type.system === undefined ? '/' : kernel.root, ',readonly=on'),
    ...(type.system === undefined ? [] : share('project', project, ',readonly=on')),
    ...share('exchange', exchange, ''),
  ];
}
