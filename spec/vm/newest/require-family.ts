import type { Context } from 'mocha';
import { nlctrl } from '../../../lib/families/nlctrl.js';
import { isKernelError } from '../../../lib/index.js';
import { last } from '../support.js';
import { skipBecause } from '../../support/namespace.js';
import { spawnSync } from '../../support/programs.js';

/** Loads the module of a generic family, with its options, and skips the suite if the kernel does not have it. */
export async function requireFamily(context: Context, familyName: string, ...module: readonly string[]): Promise<void> {
  const { stderr } = spawnSync('modprobe', module.length === 0 ? [familyName] : module, { encoding: 'utf8' });
  using client = nlctrl();
  try {
    await last(client.do('getfamily', { familyName }));
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw error;
    skipBecause(context, `this kernel has no generic family '${familyName}'`, stderr);
  }
}
