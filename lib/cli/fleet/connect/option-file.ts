import { readFileSync } from 'node:fs';
import { UsageError } from '../../run/usage-error.js';

/** Reads the file that an option names. @throws UsageError for a folder. Errors of the system for a file that cannot be opened. */
export function optionFile(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Node's error names neither the file nor the option.
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') throw new UsageError(`${option} ${file}: expected a file, not a folder`);
    throw error;
  }
}
