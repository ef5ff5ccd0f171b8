// `npm run lint:tree`: the number of files in each folder, the length of files that ESLint does not read, and paths that exist only
// on the machine of one contributor.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { checkFolders, checkText } from './tree/check.mjs';
import { projectFiles } from './tree/files.mjs';

/** Files that programs write. */
const GENERATED = /^(?:(?:bench|website)\/)?package-lock\.json$|^lib\/families\/generated\/|^spec\/fixtures\/.*\.hex$/;

const paths = projectFiles();
const texts = paths.filter((path) => !GENERATED.test(path));
const findings = [...checkFolders(paths), ...texts.flatMap((path) => checkText(path, readFileSync(join(root, path), 'utf8')))];
for (const finding of findings) console.log(finding);
process.exitCode = findings.length > 0 ? 1 : 0;
