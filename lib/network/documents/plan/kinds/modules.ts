import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

/**
 * Returns true if the kernel may load a module for a kind.
 *
 * @param file - A file of the modules of the kernel, such as `modules.alias`.
 * @param pattern - Matches the file if there is such a module.
 * @internal
 */
export function mayLoad(file: 'modules.alias' | 'modules.dep', pattern: RegExp): boolean {
  // Without this file, the kernel loads no modules.
  if (!existsSync('/proc/modules')) return false;
  try {
    return pattern.test(readFileSync(`/lib/modules/${release()}/${file}`, 'utf8'));
  } catch {
    // In a container, the modules of the host cannot be seen.
    return true;
  }
}
