import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/**
 * Finds a program as a shell would, the system folders included (they are not always in the PATH of a user).
 *
 * @returns Its path, or undefined where it is not installed.
 */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program said; `status` is -1 where it could not be run or was killed. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function tryCommand(program: string, args: readonly string[], options: { readonly cwd?: string } = {}): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(findProgram(program) ?? program, args, {
    ...options,
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status: status ?? -1, stdout, stderr: error === undefined ? stderr.toString() : error.message };
}

/** Runs a program that must succeed. */
export function command(program: string, args: readonly string[], options: { readonly cwd?: string } = {}): Buffer {
  const { status, stdout, stderr } = tryCommand(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: status ${String(status)}\n${stderr.trim()}`);
  return stdout;
}
