import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/**
 * Finds a program as a shell does, also in the system folders, which are not always in the PATH of a user.
 *
 * @returns The path, or undefined if the program is not installed.
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

/** The result of a program; `status` is -1 if it did not start or a signal killed it. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program and returns its result. */
export function tryCommand(program: string, args: readonly string[], options: { readonly cwd?: string } = {}): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(findProgram(program) ?? program, args, {
    ...options,
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status: status ?? -1, stdout, stderr: error === undefined ? stderr.toString() : error.message };
}

/** Runs a program and returns its output; throws if it fails. */
export function command(program: string, args: readonly string[], options: { readonly cwd?: string } = {}): Buffer {
  const { status, stdout, stderr } = tryCommand(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: status ${String(status)}\n${stderr.trim()}`);
  return stdout;
}
