import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare.mjs';

/** Folders that are built, installed or cached; .gitignore has the same names. */
const OUTPUT = new Set(['.git', '.cache', 'build', 'coverage', 'dist', 'node_modules', 'prebuilds', 'site', '.pages']);

/** Returns the paths of all files of the working copy that belong to the project, sorted. It needs no git: an archive has none. */
export function projectFiles(folder = '') {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => !OUTPUT.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? projectFiles(path) : [path];
    })
    .sort();
}
