import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { omitUndefined } from '../../lib/check/index.js';

import { ARCHITECTURES } from '../emulated/architecture.js';
import { NodeUnavailableError, nodeFor } from '../emulated/node.js';
import { bundleSpecs, specFiles } from './bundle.js';
import { command, findProgram } from '../support/command.js';
import { leaveReport, skipped, type Report } from '../support/report.js';
import { initramfsPath, writeInitramfs } from './initramfs.js';
import { kernelPackage, type KernelPackage } from './kernel-package.js';
import { MACHINE_TYPES, type MachineType } from './machine-type.js';
import { PackageUnavailableError } from '../support/debian/package-lists.js';
import { RELEASES, releaseOf } from '../support/debian/releases.js';
import { runMachine, type MachineOptions } from './machine.js';
import { toReport } from './outcome.js';
import { buildSimulated } from './simulated.js';

/*
 * npm run test:vm [-- spec files ...] [--kernel series] [--machine s390x] [--grep text] [--refresh] [--simulated] [--exec 'shell command']
 *
 * Boots Debian's own kernel, which has every family as a module, under an emulator, with this machine's file system
 * under it, and runs spec/vm there. --exec runs a command there instead. --simulated first builds modules of devices
 * that exist nowhere, once; without them the specs of those families are skipped.
 *
 * --kernel 5.10, 6.1, 6.12 or 7.x boots the kernel of another release of Debian, and runs the specs of spec/kernel there that
 * start no Node of their own. --machine s390x boots an emulated big-endian machine, with Debian's programs for it, and runs the
 * same specs.
 */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const CACHE = join(PROJECT, '.cache/vm');
const REPORT = process.env['RXNETLINK_REPORT'] ?? join(PROJECT, '.cache/reports/vm.json');
const PROGRAMS = ['apt-get', 'apt-cache', 'dpkg-deb', 'busybox', 'depmod', 'modprobe', 'xz'];
/** Seconds after which a machine is switched off: for spec/vm, and for spec/kernel. */
const PATIENCE = { vm: 2700, kernel: 3600 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string' },
    refresh: { type: 'boolean', default: false },
    exec: { type: 'string' },
    simulated: { type: 'boolean', default: false },
    kernel: { type: 'string' },
    machine: { type: 'string' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const type = machineType(values.machine ?? 'x64');
  if (type === undefined) return usage('machine', values.machine, Object.keys(MACHINE_TYPES).join(', '));
  const suite = values.kernel === undefined ? type.system?.suite : releaseOf(values.kernel);
  if (values.kernel !== undefined && suite === undefined)
    return usage('kernel', values.kernel, `${Object.keys(RELEASES).join(', ')}, or 7.x`);
  const missing = [type.emulator, ...PROGRAMS].filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return skip(`not installed: ${missing.join(', ')}`, missing);
  if (process.arch !== 'x64') return skip(`the emulated machine starts programs for x64, this machine is ${process.arch}`);
  mkdirSync(CACHE, { recursive: true });
  try {
    return await runMachineOf(type, suite);
  } catch (error) {
    if (error instanceof PackageUnavailableError) return skip(`no kernel package: ${error.message}`);
    if (error instanceof NodeUnavailableError) return skip(error.message);
    throw error;
  }
}

async function runMachineOf(type: MachineType, suite: string | undefined): Promise<number> {
  const kernel = kernelPackage(CACHE, values.refresh, { suite, architecture: type.debian, ...type.system, ...omitUndefined({ suite }) });
  if (values.simulated) simulate(kernel);
  const initramfs = initramfsPath(CACHE, kernel);
  writeInitramfs(type, kernel, initramfs);
  const patience = suite === undefined ? PATIENCE.vm : PATIENCE.kernel;
  const options = { type, kernel, initramfs, cache: CACHE, project: PROJECT, patience, print };
  if (values.exec !== undefined) return (await runMachine({ ...options, command: values.exec })).status ?? 1;
  const usual = (): string[] => (suite === undefined ? specFiles(PROJECT, 'spec/vm') : kernelSpecs());
  const specs = positionals.length > 0 ? positionals : usual();
  const bundle = mkdtempSync(join(CACHE, 'bundle-'));
  const report = await runSpecs(specs, bundle, options).finally(() => rmSync(bundle, { recursive: true, force: true }));
  leaveReport(report, REPORT);
  return report.failed === 0 ? 0 : 1;
}

function machineType(name: string): MachineType | undefined {
  return Object.hasOwn(MACHINE_TYPES, name) ? MACHINE_TYPES[name] : undefined;
}

/** Specs of the kernel that start neither a Node nor a browser: the emulated processor needs 15 s to start a Node with its TypeScript loader. */
function kernelSpecs(): string[] {
  const starts = /\/(?:child|command|browser|record-terminal)\.js'|process\.execPath/;
  return specFiles(PROJECT, 'spec/kernel').filter((file) => !starts.test(readFileSync(join(PROJECT, file), 'utf8')));
}

async function runSpecs(specs: readonly string[], bundle: string, options: Omit<MachineOptions, 'command'>): Promise<Report> {
  const program = await bundleSpecs(PROJECT, specs, bundle);
  const machine = { ...options, command: specCommand(options.type, program) };
  const began = performance.now();
  const result = await runMachine(machine);
  const wasSwitchedOff = performance.now() - began >= options.patience * 1000;
  if (result.report !== undefined || result.status !== undefined || wasSwitchedOff) return toReport(result, options.kernel.release);
  // QEMU itself ends at times: "iotlb_to_section: Assertion `section_index < d->map.sections_nb' failed".
  print('vm: the emulator ended before the specs; once more');
  return toReport(await runMachine(machine), options.kernel.release);
}

function specCommand(type: MachineType, program: string): string {
  const { node, addon } = type.system === undefined ? ownNode() : foreignNode(type);
  const variables = {
    RXNETLINK_PATIENCE: '10',
    RXNETLINK_REPORT: '/run/vm/report.json',
    RXNETLINK_ADDON: addon,
    ...omitUndefined({ VM_GREP: values.grep, RXNETLINK_OTHER_KERNEL: values.kernel ?? values.machine }),
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
  return [...words, node, '--enable-source-maps', `'${program}'`].join(' ');
}

/** Node and the addon of this machine. */
function ownNode(): { readonly node: string; readonly addon: string } {
  const addon = join(PROJECT, 'build/Release/rxnetlink.node');
  if (!existsSync(addon)) throw new Error('the addon is not built; npm run build:native builds it');
  return { node: 'node', addon };
}

/** Node of npm's package for a foreign machine, and the prebuilt addon. */
function foreignNode({ arch }: MachineType): { readonly node: string; readonly addon: string } {
  const addon = join(PROJECT, `prebuilds/linux-${arch}/rxnetlink.node`);
  command(process.execPath, [join(PROJECT, 'scripts/prebuild.mjs'), arch]);
  return { node: nodeFor(ARCHITECTURES[arch]!, join(PROJECT, '.cache/emulated', arch)), addon };
}

/** Builds simulated devices. If their sources are not available, their specs are skipped and the others run. */
function simulate(kernel: KernelPackage): void {
  try {
    buildSimulated(CACHE, kernel);
  } catch (error) {
    if (!(error instanceof PackageUnavailableError)) throw error;
    print(`vm: no simulated devices: ${error.message}`);
  }
}

function usage(option: string, value: string | undefined, expected: string): number {
  print(`rxnetlink: test:vm: unknown --${option} '${value ?? ''}'; expected ${expected}`);
  return 2;
}

/** Prints and reports the reason for which nothing was run. */
function skip(reason: string, programs: readonly string[] = []): number {
  leaveReport(skipped('wide kernel', reason, programs), REPORT);
  return 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
