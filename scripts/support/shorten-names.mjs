// Shortens the names of variables and parameters in the JavaScript of dist/, for the package. Functions and classes keep theirs, which stack
// traces print. esbuild has no such option.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { minify } from 'terser';
import { filesBelow, root } from '../prepare.mjs';

const options = (text) => ({
  module: true,
  compress: false,
  // esbuild writes `var KernelError = class extends ...`: such a class has the name of its variable, which terser would shorten.
  mangle: { reserved: [...text.matchAll(/([\w$]+)\s*=\s*class\b/g)].map(([, name]) => name), keep_fnames: true, keep_classnames: true },
  // As in bundle.mjs: Node prints the whole line of an uncaught error.
  format: { max_line_len: 400 },
});

/** The digests of the files that were shortened, by their path. */
const STAMPS = join(root, '.cache/shortened.json');

const digest = (text) => createHash('sha256').update(text).digest('hex');

/** Rewrites the files that the last build has written. esbuild has done more with those of the command and of the dashboard's page. */
export async function shortenNames() {
  const known = existsSync(STAMPS) ? JSON.parse(readFileSync(STAMPS, 'utf8')) : {};
  const stamps = {};
  for (const file of filesBelow('dist').filter((file) => /\.js$/.test(file) && !/^dist\/(?:cli|dashboard\/page)\//.test(file))) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    stamps[file] = digest(text);
    if (known[file] === stamps[file]) continue;
    const { code } = await minify(text, options(text));
    // Other programs may import the file at any moment.
    writeFileSync(`${path}.new`, `${code}\n`);
    renameSync(`${path}.new`, path);
    stamps[file] = digest(`${code}\n`);
  }
  mkdirSync(dirname(STAMPS), { recursive: true });
  writeFileSync(STAMPS, JSON.stringify(stamps));
}
