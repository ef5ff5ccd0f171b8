import { join } from 'node:path';
import { prebuild } from '../../prebuild.mjs';
import { TARGETS } from '../../prebuild/targets.mjs';
import { root } from '../../prepare.mjs';
import { fail } from './instrumented.mjs';

/** Builds the prebuilt addon of this machine and returns its path. Ends the process with a reason if that is not possible. */
export async function prebuiltAddon(script) {
  const targets = TARGETS.filter(({ arch }) => arch === process.arch);
  if (targets.length === 0)
    fail(`${script}: no prebuilt addon for this architecture (${process.arch}); expected one of scripts/prebuild/targets.mjs`);
  const [{ file, missing }] = await prebuild(targets);
  if (missing !== undefined) fail(`${script}: ${missing} is not installed`);
  return join(root, file);
}
