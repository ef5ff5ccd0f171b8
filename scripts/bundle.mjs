// Writes the package's JavaScript: one file an entry point, and what they share in chunks. Hundreds of small modules would
// take longer to load than everything that they do at start. Declarations stay as tsc writes them.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { filesBelow, root } from './prepare.mjs';

const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const outputs = Object.values(exports).flatMap((entry) => (typeof entry === 'object' && entry !== null ? [entry.default] : []));
const entryPoints = outputs.map((output) => join(root, output.replace(/^\.\/dist\//, 'lib/').replace(/\.js$/, '.ts')));

for (const file of filesBelow('dist')) if (/\.js(?:\.map)?$/.test(file)) rmSync(join(root, file));
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
