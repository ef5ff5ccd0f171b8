// `npm run lint:language`: plain English in documents, comments, texts, titles and names. `-- lib/wire` checks one folder or file.
import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { checkFile } from './language/check.mjs';
import { root } from './prepare.mjs';
import { projectFiles } from './tree/files.mjs';

/** Files that other programs wrote, the list of the terms, and its specs. */
const EXCEPT = /^etc\/|^lib\/families\/generated\/|^spec\/fixtures\/|^scripts\/language\/terms\.mjs$|^spec\/language\//;
const KINDS = /\.(?:[cm]?[jt]s|md|cpp|h|c)$|^\.ci\/run$/;

const isBelow = (path, folder) => folder === '.' || path === folder || path.startsWith(`${folder}/`);

const wanted = process.argv.slice(2).map((path) => normalize(path).replace(/\/$/, ''));
const missing = wanted.filter((path) => !existsSync(join(root, path)));
if (missing.length > 0) {
  console.error(`rxnetlink: lint:language: no such file (${missing.join(', ')}); expected paths below the root of the working copy`);
  process.exit(2);
}
const isWanted = (path) => wanted.length === 0 || wanted.some((folder) => isBelow(path, folder));

let count = 0;
for (const path of projectFiles()) {
  if (!KINDS.test(path) || EXCEPT.test(path) || !isWanted(path)) continue;
  for (const { line, message } of await checkFile(path, readFileSync(join(root, path), 'utf8'))) {
    count++;
    console.log(`${path}:${line}: ${message}`);
  }
}
console.log(`${count} findings`);
process.exitCode = count > 0 ? 1 : 0;
