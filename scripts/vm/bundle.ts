import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type * as Esbuild from 'esbuild';

const REPORTER = fileURLToPath(new URL('../gate/reports/reporter.cjs', import.meta.url));
const RUNNER = fileURLToPath(new URL('guest/runner.ts', import.meta.url));
const OWN_SOURCE = /\/(lib|spec|scripts)\/.*\.ts$/;

/** CommonJS packages in the bundle ask for `require`. */
const BANNER = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`;

/** Spec files below a folder, as paths relative to the project. */
export function specFiles(project: string, folder: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('-spec.ts'))
    .map((name) => join(folder, name))
    .sort();
}

/**
 * Compiles specs, library and test runner into a few files.
 *
 * The emulated processor needs 15 s to start the TypeScript loader and to read some hundred small files; a bundle needs two.
 * Sources keep their own addresses: `import.meta.url` and `import.meta.dirname` are what they are without a bundle.
 *
 * @returns Path of the program to run.
 */
export async function bundleSpecs(project: string, specs: readonly string[], folder: string): Promise<string> {
  const { build } = bundler();
  const loaders = specs.map((file) => `[${JSON.stringify(file)}, () => import(${JSON.stringify(join(project, file))})]`);
  await build({
    stdin: {
      contents: [
        `import reporter from ${JSON.stringify(REPORTER)};`,
        `import { runSpecs } from ${JSON.stringify(RUNNER)};`,
        `await runSpecs(reporter, [${loaders.join(', ')}]);`,
      ].join('\n'),
      resolveDir: project,
      sourcefile: 'main.ts',
      loader: 'ts',
    },
    entryNames: 'main',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: `node${process.versions.node}`,
    sourcemap: 'linked',
    banner: { js: BANNER },
    external: ['node-gyp-build', 'fsevents', 'typescript'],
    logLevel: 'error',
    plugins: [keepAddresses()],
  });
  return join(relative(project, folder), 'main.mjs');
}

/** The bundler that the TypeScript loader brings along. */
function bundler(): typeof Esbuild {
  const loader = createRequire(import.meta.url).resolve('tsx/package.json');
  return createRequire(loader)('esbuild') as typeof Esbuild;
}

function keepAddresses(): Esbuild.Plugin {
  return {
    name: 'keep-addresses',
    setup(build) {
      build.onLoad({ filter: OWN_SOURCE }, ({ path }) => {
        if (path.includes('/node_modules/')) return undefined;
        const source = readFileSync(path, 'utf8')
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
        return { contents: source, loader: 'ts' };
      });
    },
  };
}
