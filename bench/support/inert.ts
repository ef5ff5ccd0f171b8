import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { keptFolder } from './programs.js';

/**
 * Writes one module whose source is that of some files and of all that they import, except packages, in a function that is never called. Importing
 * it is the least work for that much source: one file is found and read, and V8 reads its text once.
 *
 * @param folder - The folder of the files, to which the returned path is relative.
 */
export async function inertModule(name: string, folder: string, files: readonly string[]): Promise<string> {
  const contents = files.map((file, index) => `export * as part${index} from './${file}';`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    minifyWhitespace: true,
    // As in scripts/bundle.mjs.
    lineLimit: 400,
    // `import.meta` has no value in a function.
    logLevel: 'error',
  });
  const path = join(keptFolder, `inert/${name.replaceAll(/\W+/g, '-')}.mjs`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `export function unused(require, module, exports) {\n${outputFiles[0]!.text}\n}\n`);
  return path;
}
