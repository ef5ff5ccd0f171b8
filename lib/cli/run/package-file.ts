import { existsSync, readFileSync } from 'node:fs';

/** The root of the package. The bundler moves this file to a folder of another depth. */
export const PACKAGE_ROOT: URL = rootAbove(import.meta.url);

/** Returns the version of the package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as { readonly version: string }).version;
}

function rootAbove(place: string): URL {
  const folder = new URL('./', place);
  return existsSync(new URL('package.json', folder)) ? folder : rootAbove(new URL('../', folder).href);
}
