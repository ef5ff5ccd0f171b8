// Finds the headers of Node that the addon is compiled with.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Returns the folder whose include/node/ belongs to the running node, or undefined.
 *
 * Debian, nvm and the official archives put them there; then nothing has to be downloaded.
 */
export function headersBesideNode() {
  const folder = dirname(dirname(realpathSync(process.execPath)));
  const header = join(folder, 'include/node/node_version.h');
  if (!existsSync(header)) return undefined;
  const text = readFileSync(header, 'utf8');
  const [major, minor] = ['MAJOR', 'MINOR'].map((part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]);
  return process.version.startsWith(`v${major}.${minor}.`) ? folder : undefined;
}
