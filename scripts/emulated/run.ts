import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findProgram } from '../support/command.js';
import { leaveReport, skipped } from '../support/report.js';
import { bundleSpecs, specFiles } from '../vm/bundle.js';
import { architectureOf, ARCHITECTURES } from './architecture.js';
import { NodeUnavailableError, nodeFor } from './node.js';
import { runEmulated } from './program.js';

/*
 * npm run test:s390x [-- spec files ...] [--grep text]
 *
 * Runs the unit specs with a Node of another architecture under qemu's user-mode emulation. The specs are compiled here
 * first: the emulator needs minutes for the TypeScript loader.
 */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const CACHE = join(PROJECT, '.cache/emulated');

/** Folders whose specs need the addon, a kernel, a package or a compiler, and not a byte order. */
const OTHERS = ['kernel', 'budgets', 'package', 'examples', 'docs', 'vm', 'native', 'tree'];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });
const [name = '', ...named] = positionals;

process.exitCode = await main();

async function main(): Promise<number> {
  const architecture = architectureOf(name);
  if (architecture === undefined) {
    process.stderr.write(`rxnetlink: test:emulated: unknown architecture '${name}'; expected ${Object.keys(ARCHITECTURES).join(' or ')}\n`);
    return 2;
  }
  const report = process.env['RXNETLINK_REPORT'] ?? join(PROJECT, `.cache/reports/${name}.json`);
  const skip = (reason: string, programs: readonly string[] = []): number => {
    leaveReport(skipped(name, reason, programs), report);
    return 0;
  };
  const emulator = architecture.emulators.map(findProgram).find((path) => path !== undefined);
  if (emulator === undefined) return skip(`${architecture.emulators.join(' or ')} is not installed`, architecture.emulators.slice(0, 1));
  if (!existsSync(architecture.libraries))
    return skip(`${architecture.libraries} does not exist (Debian: ${architecture.debian})`, [architecture.libraries]);
  mkdirSync(CACHE, { recursive: true });
  const bundle = mkdtempSync(join(CACHE, 'bundle-'));
  try {
    const node = nodeFor(architecture, join(CACHE, name));
    const program = await bundleSpecs(PROJECT, named.length > 0 ? named : unitSpecs(), bundle);
    return await runEmulated({
      emulator,
      architecture,
      node,
      program: join(PROJECT, program),
      project: PROJECT,
      report,
      grep: values.grep,
    });
  } catch (error) {
    if (error instanceof NodeUnavailableError) return skip(error.message);
    throw error;
  } finally {
    rmSync(bundle, { recursive: true, force: true });
  }
}

function unitSpecs(): string[] {
  return specFiles(PROJECT, 'spec').filter((file) => !OTHERS.includes(file.split('/')[1] ?? ''));
}
