import { dirname, extname } from 'node:path';
import { SINGLE_ENTRY_FOLDERS } from './single-entry-folders.mjs';

/** The number of files that a folder may have. */
export const MOST_FILES = 16;

/** The number of lines of code that a file may have. ESLint counts those of TypeScript and JavaScript. */
export const MOST_LINES = 300;

/** The top-level folders whose subfolders are counted. */
const COUNTED = /^(?:lib|native|spec|scripts|bench|examples|docs)\//;

/** The languages that ESLint does not read. */
const COMMENTS = {
  '.cpp': /\/\/.*|\/\*[\s\S]*?\*\//g,
  '.h': /\/\/.*|\/\*[\s\S]*?\*\//g,
  '.c': /\/\/.*|\/\*[\s\S]*?\*\//g,
  '.go': /\/\/.*|\/\*[\s\S]*?\*\//g,
  '.py': /#.*/g,
  '.sh': /^\s*#.*/gm,
};

/** Paths that exist only on the machine of one contributor. `.ci/run` looks for specifications beside the working copy. */
const WORKPLACE = /\.\.\/shared\b|\/work\/(?:wt|main|shared)\b/;

/** Finds the folders with too many files, and exceptions that are not needed. */
export function checkFolders(paths, exceptions = SINGLE_ENTRY_FOLDERS) {
  const counts = new Map();
  for (const path of paths) {
    if (COUNTED.test(path)) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  const used = new Set();
  const findings = [];
  for (const [folder, count] of [...counts].sort(([a], [b]) => a.localeCompare(b))) {
    if (count <= MOST_FILES) continue;
    const exception = Object.keys(exceptions).find((name) => folder === name || (name.endsWith('/') && folder.startsWith(name)));
    if (exception === undefined) findings.push(`${folder}: has ${count} files; expected at most ${MOST_FILES}; move some into a subfolder`);
    else used.add(exception);
  }
  const unused = Object.keys(exceptions).filter((name) => !used.has(name));
  return [...findings, ...unused.map((name) => `${name}: is an exception, but has at most ${MOST_FILES} files; remove the exception`)];
}

/** Checks the length of a file in a language that ESLint does not read, and looks for paths of one contributor's machine. */
export function checkText(path, source) {
  const findings = [];
  const comments = COMMENTS[extname(path)];
  if (comments !== undefined) {
    const lines = source
      .replace(comments, '')
      .split('\n')
      .filter((line) => line.trim() !== '').length;
    if (lines > MOST_LINES) findings.push(`${path}: has ${lines} lines of code; expected at most ${MOST_LINES}; split the file`);
  }
  if (path !== '.ci/run') {
    for (const [index, line] of source.split('\n').entries()) {
      const found = WORKPLACE.exec(line)?.[0];
      if (found !== undefined) findings.push(`${path}:${index + 1}: names a folder outside of the working copy (${found})`);
    }
  }
  return findings;
}
