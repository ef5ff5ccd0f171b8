import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { omitUndefined } from '../../lib/check/index.js';
import { TARGETS } from '../prebuild/targets.mjs';
import type { Architecture } from './architecture.js';

/** A compiled program, and what runs it. */
export interface EmulatedProgram {
  readonly emulator: string;
  readonly architecture: Architecture;
  /** Path of a Node of that architecture. */
  readonly node: string;
  /** Path of the program that Node runs. */
  readonly program: string;
  /** The working directory. */
  readonly project: string;
  /** Where the specs leave their figures. */
  readonly report: string;
  /** Runs only the specs whose title matches. */
  readonly grep: string | undefined;
}

/** Runs of each property: the byte order is decided by few, and the emulator is slow. */
const FUZZ_RUNS = process.env['FUZZ_RUNS'] ?? '20';

/** Runs the program to its end. @returns Its exit status. */
export function runEmulated({ emulator, architecture, node, program, project, report, grep }: EmulatedProgram): Promise<number> {
  const addon = join(project, TARGETS.find(({ arch }) => arch === architecture.arch)!.file);
  const child = spawn(emulator, ['-L', architecture.libraries, node, program], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      RXNETLINK_REPORT: report,
      RXNETLINK_PATIENCE: '10',
      FUZZ_RUNS,
      RXNETLINK_EMULATED: '1',
      ...omitUndefined({ VM_GREP: grep, RXNETLINK_ADDON: existsSync(addon) ? addon : undefined }),
    },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}
