import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../support/programs.js';
import type { Entry } from './entries.js';

/** Compiles programs into a folder inside the package, so that they can import it by its name. */
export function compilePrograms(root: string, folder: string, entries: readonly Entry[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of entries) writeFileSync(join(folder, `${file}.ts`), `${text}\nexport {};\n`);
  // The program instead of its API, which cannot be bundled into the specs of the virtual machine.
  const options = ['--out-extension:.js=.mjs', '--target=node20', '--sourcemap=inline', '--tsconfig-raw={}', '--log-level=warning'];
  run(join(root, 'node_modules/.bin/esbuild'), [
    ...entries.map(({ file }) => join(folder, `${file}.ts`)),
    `--outdir=${folder}`,
    ...options,
  ]);
}
