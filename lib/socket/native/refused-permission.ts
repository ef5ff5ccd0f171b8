import { existsSync } from 'node:fs';

/** The fields of an error of the permission model of Node.js, or of `--no-addons`. */
interface PermissionError {
  readonly code?: unknown;
  readonly resource?: unknown;
}

/**
 * Returns the reason why Node.js denied an access, with the flag that allows it; undefined for other errors.
 *
 * @param error - An error of `require` or of `node:fs`.
 * @internal
 */
export function refusedPermission(error: unknown): string | undefined {
  const { code, resource } = (error ?? {}) as PermissionError;
  if (code === 'ERR_DLOPEN_DISABLED') {
    return 'Node.js runs without addons; with the permission model, start it with --allow-addons; else without --no-addons';
  }
  if (code !== 'ERR_ACCESS_DENIED') return undefined;
  const path = typeof resource === 'string' && resource !== '' ? resource : undefined;
  return `the permission model of Node.js denies reading ${path ?? 'the file'}; start it with --allow-fs-read=${path ?? '<path>'}`;
}

/** Returns true if the permission model of Node.js restricts the files that this process can read. @internal */
export function hasRestrictedFiles(): boolean {
  const { permission } = process as { readonly permission?: { has(scope: string): boolean } };
  return permission !== undefined && !permission.has('fs.read');
}

/** Returns true if a file exists and this process may know it. `existsSync` of Node.js 20 throws if it may not. @internal */
export function isVisible(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}
