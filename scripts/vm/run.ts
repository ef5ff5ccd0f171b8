import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { bundleSpecs, specFiles } from './bundle.js';
import { findProgram } from '../support/command.js';
import { leaveReport, skipped, type Report } from '../support/report.js';
import { initramfsPath, writeInitramfs } from './initramfs.js';
import { PackageUnavailableError, kernelPackage, type KernelPackage } from './kernel-package.js';
import { RELEASES, releaseOf } from './releases.js';
import { runMachine, type MachineOptions } from './machine.js';
import { toReport } from './outcome.js';
import { buildSimulated } from './simulated.js';

/*
 * npm run test:vm [-- spec files ...] [--kernel series] [--grep text] [--refresh] [--simulated] [--exec 'shell command']
 *
 * Boots Debian's own kernel, which has every family as a module, under an emulator, with this machine's file system
 * under it, and runs spec/vm there. With --exec it runs a command there instead. --simulated first builds modules of devices
 * that exist nowhere, once; without them the specs of those families are skipped.
 *
 * --kernel 5.10, 6.1, 6.12 or 7.x boots the kernel of another release of Debian, and runs the specs of spec/kernel there that start no
 * Node of their own.
 */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const CACHE = join(PROJECT, '.cache/vm');
const REPORT = process.env['RXNETLINK_REPORT'] ?? join(PROJECT, '.cache/reports/vm.json');
const PROGRAMS = ['qemu-system-x86_64', 'apt-get', 'apt-cache', 'dpkg-deb', 'busybox', 'depmod', 'modprobe', 'xz'];
/** Seconds after which a machine is switched off: for spec/vm, and for spec/kernel. */
const PATIENCE = { vm: 600, kernel: 1800 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string' },
    refresh: { type: 'boolean', default: false },
    exec: { type: 'string' },
    simulated: { type: 'boolean', default: false },
    kernel: { type: 'string' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const missing = PROGRAMS.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return skip(`not installed: ${missing.join(', ')}`, missing);
  if (process.arch !== 'x64') return skip(`the kernel package is for x64, this machine is ${process.arch}`);
  mkdirSync(CACHE, { recursive: true });
  const release = values.kernel === undefined ? undefined : releaseOf(values.kernel);
  if (values.kernel !== undefined && release === undefined) return usage(values.kernel);
  const kernel = obtainKernel(release);
  if (typeof kernel === 'string') return skip(kernel);
  if (values.simulated) simulate(kernel);
  const initramfs = initramfsPath(CACHE, kernel);
  writeInitramfs(kernel, initramfs);
  const options = {
    kernel,
    initramfs,
    cache: CACHE,
    project: PROJECT,
    patience: release === undefined ? PATIENCE.vm : PATIENCE.kernel,
    print,
  };
  if (values.exec !== undefined) return (await runMachine({ ...options, command: values.exec })).status ?? 1;
  if (!existsSync(join(PROJECT, 'build/Release/rxnetlink.node'))) throw new Error('the addon is not built: npm run build:native');
  const usual = (): string[] => (release === undefined ? specFiles(PROJECT, 'spec/vm') : kernelSpecs());
  const specs = positionals.length > 0 ? positionals : usual();
  const bundle = mkdtempSync(join(CACHE, 'bundle-'));
  const report = await runSpecs(specs, bundle, options).finally(() => rmSync(bundle, { recursive: true, force: true }));
  leaveReport(report, REPORT);
  return report.failed === 0 ? 0 : 1;
}

/** Specs of the kernel that start no Node of their own: the emulated processor needs 15 s to start one with its TypeScript loader. */
function kernelSpecs(): string[] {
  const starts = /support\/child\.js|process\.execPath/;
  return specFiles(PROJECT, 'spec/kernel').filter((file) => !starts.test(readFileSync(join(PROJECT, file), 'utf8')));
}

async function runSpecs(specs: readonly string[], bundle: string, options: Omit<MachineOptions, 'command'>): Promise<Report> {
  const program = await bundleSpecs(PROJECT, specs, bundle);
  const result = await runMachine({ ...options, command: specCommand(program) });
  return toReport(result, options.kernel.release);
}

function specCommand(program: string): string {
  const grep = values.grep === undefined ? '' : `VM_GREP='${values.grep.replaceAll("'", "'\\''")}' `;
  return `RXNETLINK_PATIENCE=10 RXNETLINK_REPORT=/run/vm/report.json ${grep}node --enable-source-maps '${program}'`;
}

function obtainKernel(release: string | undefined): KernelPackage | string {
  try {
    return kernelPackage(CACHE, values.refresh, release);
  } catch (error) {
    if (error instanceof PackageUnavailableError) return `no kernel package: ${error.message}`;
    throw error;
  }
}

/** Where the modules cannot be had, their specs say so; the others run. */
function simulate(kernel: KernelPackage): void {
  try {
    buildSimulated(CACHE, kernel);
  } catch (error) {
    if (!(error instanceof PackageUnavailableError)) throw error;
    print(`vm: no simulated devices: ${error.message}`);
  }
}

function usage(series: string): number {
  print(`rxnetlink: test:vm: unknown kernel '${series}'; expected ${Object.keys(RELEASES).join(', ')}, or 7.x`);
  return 2;
}

/** Says why nothing was run. */
function skip(reason: string, programs: readonly string[] = []): number {
  leaveReport(skipped('wide kernel', reason, programs), REPORT);
  return 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
