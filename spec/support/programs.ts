import * as childProcess from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { notInstalled } from './unavailable.js';

/*
 * The functions of node:child_process for specs. Each throws `Unavailable` if the program is not installed, which skips the
 * spec. The linter rejects the originals in specs.
 */
export const spawn: typeof childProcess.spawn = requireFirst(childProcess.spawn);
export const spawnSync: typeof childProcess.spawnSync = requireFirst(childProcess.spawnSync);
export const execFileSync: typeof childProcess.execFileSync = requireFirst(childProcess.execFileSync);

/** Throws `Unavailable` if programs, or files with a path, are not installed. */
export function requirePrograms(...names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length > 0) throw notInstalled(missing);
}

/** Skips the specs of a `describe` if a program is not installed: for programs that a child process starts. */
export function usePrograms(...names: readonly string[]): void {
  before(() => requirePrograms(...names));
}

/**
 * Runs a command that must succeed.
 *
 * @returns Its standard output.
 */
export function run(command: string, args: readonly string[], input?: string): string {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  if (status === 0) return stdout;
  const missing = missingInShell(stderr);
  if (missing !== undefined) requirePrograms(missing);
  throw new Error(`${[command, ...args].join(' ')}: ${error?.message ?? stderr.trim()}`);
}

function isInstalled(name: string): boolean {
  if (name.includes('/')) return existsSync(name);
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function requireFirst<Start extends (command: string, ...rest: never[]) => unknown>(start: Start): Start {
  const guarded = (command: string, ...rest: never[]) => {
    requirePrograms(...programsOf(command, rest[0]));
    return start(command, ...rest);
  };
  return guarded as Start;
}

/** Returns the program, and the one that `nsenter` starts: `nsenter --net=path -- nft list tables`. */
function programsOf(command: string, args: unknown): string[] {
  const entered = command === 'nsenter' && Array.isArray(args) ? (args as string[])[args.indexOf('--') + 1] : undefined;
  return entered === undefined ? [command] : [command, entered];
}

/** Finds the program in `sh: 1: ethtool: not found` and `bash: line 1: ethtool: command not found`. */
function missingInShell(stderr: string): string | undefined {
  return /^\S+: (?:line )?\d+: (\S+): (?:command )?not found$/m.exec(stderr)?.[1];
}
