import { UsageError } from './usage-error.js';

/**
 * Returns a module that needs optional packages.
 *
 * @param packages - The name of the package, or of a scope, as in imports.
 * @throws UsageError with the text if one of them is not installed.
 */
export async function loadOptional<Module>(module: Promise<Module>, packages: string, text: string): Promise<Module> {
  try {
    return await module;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${packages}`)) throw error;
    throw new UsageError(text);
  }
}
