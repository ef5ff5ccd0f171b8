// Writes the package's JavaScript: one file an entry point, and what they share in chunks. Hundreds of small modules would
// take longer to load than everything that they do at start.
//
// Declarations are as tsc writes them into .cache/types. Only those that an entry point reaches are published, a third less.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { filesBelow, root } from './prepare.mjs';

const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const outputs = Object.values(exports).flatMap((entry) => (typeof entry === 'object' && entry !== null ? [entry.default] : []));
const entryPoints = outputs.map((output) => join(root, output.replace(/^\.\/dist\//, 'lib/').replace(/\.js$/, '.ts')));

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
  // Names stay: they are in stack traces. Node prints the whole line of an uncaught error, so lines stay short.
  minifyWhitespace: true,
  lineLimit: 160,
  external: Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`]),
});

const declarations = new Set();
const queue = outputs.map((output) => output.replace(/^\.\/dist\//, '').replace(/\.js$/, '.d.ts'));
for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
  if (declarations.has(file)) continue;
  declarations.add(file);
  const source = join(root, '.cache/types', file);
  const target = join(root, 'dist', file);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target);
  for (const [, path] of readFileSync(source, 'utf8').matchAll(/\b(?:from|import|import\()\s*["'](\.[^"']+)\.js["']/g)) {
    queue.push(join(dirname(file), `${path}.d.ts`));
  }
}
