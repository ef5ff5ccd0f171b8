import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { resolve } from 'node:path';

import { skipBecause } from '../support/namespace.js';
import { modules, run } from './support.js';
import { spawnSync } from '../support/programs.js';

/** Modules that the kernel's package lacks; `npm run test:vm -- --simulated` builds them. */
export type SimulatedModule = 'netdevsim' | 'dpllsim';

/** The modules that modprobe would load first. */
const NEEDS: Readonly<Record<SimulatedModule, readonly string[]>> = { netdevsim: ['psample', 'macsec'], dpllsim: [] };

/** Loads a module of simulated devices; skips the specs if it is not built. */
export function simulated(context: Mocha.Context, module: SimulatedModule): void {
  if (existsSync(`/sys/module/${module}`)) return;
  const file = resolve('.cache/vm/simulated', release(), `${module}.ko`);
  if (!existsSync(file)) skipBecause(context, `${module} is not built; npm run test:vm -- --simulated builds it`);
  if (NEEDS[module].length > 0) modules(...NEEDS[module]);
  if (!existsSync('/sys/kernel/debug/tracing')) spawnSync('mount', ['-t', 'debugfs', 'debugfs', '/sys/kernel/debug']);
  run(`insmod ${file}`);
}

/** Writes into a file of sysfs or debugfs. */
export function poke(path: string, text: string | number): void {
  writeFileSync(path, String(text));
}

/** Reads a file of sysfs or debugfs. */
export function peek(path: string): string {
  return readFileSync(path, 'utf8').trim();
}
