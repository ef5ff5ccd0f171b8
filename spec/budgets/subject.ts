import { join, resolve } from 'node:path';
import { spawnSync } from '../support/programs.js';

const root = resolve(import.meta.dirname, '../..');

/** Returns the command that runs a subject. */
export function subjectCommand(name: string, flags: readonly string[] = [], args: readonly string[] = []): [string, ...string[]] {
  return [process.execPath, ...flags, '--import', 'tsx', join(root, `spec/budgets/subjects/${name}.ts`), ...args];
}

/** Runs a subject in a process of its own; returns the printed figures. */
export function runSubject<Figures>([command, ...args]: readonly [string, ...string[]]): Figures {
  const { status, signal, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${signal ?? String(status)}: ${stderr}`);
  return JSON.parse(stdout) as Figures;
}
