import { join } from 'node:path';
import { Unavailable } from '../../support/unavailable.js';
import type { Entry } from './entries.js';
import type { Check } from './check.js';
import { Scene } from './scene.js';

/**
 * Runs the program of an entry in a scene of its own, and its check.
 *
 * @throws Unavailable if this kernel lacks a feature.
 */
export async function runEntry(entry: Entry, check: Check, folder: string): Promise<void> {
  const scene = new Scene();
  try {
    await scene.open();
    for (const { name, probe } of check.needs ?? []) {
      try {
        scene.sh(probe);
      } catch (error) {
        throw new Unavailable(`this kernel lacks ${name}`, { detail: (error as Error).message.split('\n')[0]! });
      }
    }
    if (check.before !== undefined) scene.sh(check.before);
    const file = join(folder, `${entry.file}.mjs`);
    const program = scene.start(
      process.execPath,
      ['--enable-source-maps', file, ...(check.args ?? [])],
      check.environment,
      check.inFirstNetwork,
    );
    await check.check(scene, program);
    if (entry.endless && program.child.exitCode !== null && !program.isEnded)
      throw new Error(`the program ended by itself:\n${program.output}`);
    if (!entry.endless) await program.end();
    if (/^\s+at /m.test(program.output)) throw new Error(`the program printed a stack:\n${program.output}`);
  } finally {
    scene.close();
  }
}
