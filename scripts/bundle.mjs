// Writes the package's JavaScript: one file for each entry point, and chunks for the code that they share. Hundreds of small modules
// would take longer to load than to run at start.
//
// tsc writes the declarations into .cache/types, without internal names. Only declarations that an entry point reaches are published.
// Each entry point imports the package root: a program that imports only `rxnetlink/families/rt-link` infers types that the root
// exports, and TypeScript names a type only by a module that the program has loaded (TS2742, TS2883).
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { filesBelow, root } from './prepare.mjs';
import { closeClasses } from './support/close-classes.mjs';

const { name, exports, bin, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const outputs = Object.values(exports).flatMap((entry) => (typeof entry === 'object' && entry !== null ? [entry.default] : []));
const entryPoints = [...outputs, ...Object.values(bin)].map((output) =>
  join(root, output.replace(/^\.\/dist\//, 'lib/').replace(/\.js$/, '.ts')),
);

for (const file of filesBelow('dist')) if (/\.(?:js|js\.map|d\.ts)$/.test(file)) rmSync(join(root, file));
await build({
  absWorkingDir: root,
  entryPoints,
  outdir: 'dist',
  outbase: 'lib',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Identifiers are kept for stack traces. Node prints the whole line of an uncaught error, so lines are short.
  minifyWhitespace: true,
  lineLimit: 160,
  external: Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`]),
  plugins: [
    {
      name: 'commander beside the command',
      setup({ onResolve }) {
        onResolve({ filter: /^commander$/ }, () => ({ path: './commander.js', external: true }));
      },
    },
  ],
});
// commander is a CommonJS module, and requires modules of Node: it needs a `require` in a file of its own.
await build({
  absWorkingDir: root,
  entryPoints: [{ in: 'commander', out: 'commander' }],
  outdir: 'dist/cli',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  lineLimit: 160,
  banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
});
for (const output of Object.values(bin)) chmodSync(join(root, output), 0o755);

const subpaths = new Map(
  Object.entries(exports).flatMap(([subpath, { types }]) => (types === undefined ? [] : [[types.replace(/^\.\/dist\//, ''), subpath]])),
);
const declarations = new Set();
const queue = [...subpaths.keys()];
for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
  if (declarations.has(file)) continue;
  declarations.add(file);
  const source = readFileSync(join(root, 'lib', file.replace(/\.d\.ts$/, '.ts')), 'utf8');
  const closed = closeClasses(readFileSync(join(root, '.cache/types', file), 'utf8'), source);
  const text = subpaths.has(file) ? linkEntryPoints(file, closed) : closed;
  const target = join(root, 'dist', file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  for (const [, path] of text.matchAll(/\b(?:from|import|import\()\s*["'](\.[^"']+)\.js["']/g))
    queue.push(join(dirname(file), `${path}.d.ts`));
}

/** Returns the declarations of an entry point, with import types that name other entry points by their subpath, and the root imported. */
function linkEntryPoints(file, text) {
  const linked = text.replaceAll(/\bimport\(["'](\.[^"']+)\.js["']\)/g, (type, path) => {
    const subpath = subpaths.get(join(dirname(file), `${path}.d.ts`));
    return subpath === undefined ? type : `import("${join(name, subpath)}")`;
  });
  return subpaths.get(file) === '.' ? linked : `${linked}import type {} from '${name}';\n`;
}
