// `npm run lint:language`: plain English in documents, comments, texts, titles and names. `-- lib/wire` checks only what lies there.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkFile } from './language/check.mjs';
import { root } from './prepare.mjs';

const FOLDERS = ['lib', 'native', 'spec', 'docs', 'scripts', 'examples', 'bench', '.ci', '.github'];
/** Generated files hold the kernel's comments; fixtures hold what other programs print; the list holds the terms themselves. */
const EXCEPT = /^lib\/families\/generated\/|^spec\/fixtures\/|^scripts\/language\/terms\.mjs$|^spec\/language\//;
const KINDS = /\.(?:[cm]?[jt]s|md|cpp|h|c)$|^\.ci\/run$/;

const wanted = process.argv.slice(2);
const tracked = execFileSync('git', ['ls-files', ...(wanted.length > 0 ? wanted : [...FOLDERS, '*.md', '*.js', '*.cjs'])], {
  cwd: root,
  encoding: 'utf8',
});
let count = 0;
for (const path of new Set(tracked.split('\n'))) {
  if (!KINDS.test(path) || EXCEPT.test(path)) continue;
  for (const { line, message } of await checkFile(path, readFileSync(`${root}/${path}`, 'utf8'))) {
    count++;
    console.log(`${path}:${line}: ${message}`);
  }
}
console.log(`${count} findings`);
process.exitCode = count > 0 ? 1 : 0;
