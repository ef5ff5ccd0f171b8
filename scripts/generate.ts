/*
 * Writes lib/families/generated/ from the kernel's netlink specifications and from those in specs/, the lists of all families, and docs/operations.md.
 *
 *   npm run generate -- <folder>       or NETLINK_SPECS=<folder> npm run generate
 *   npm run generate                   only the families of specs/
 *   npm run generate -- --check [<folder>]   writes nothing, fails if a file would change
 *
 * The folder contains the YAML files: Documentation/netlink/specs of a kernel's sources.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpecError } from '../lib/codegen/spec-error.js';
import { listFiles } from './generate/lists.js';
import { moduleText } from './generate/module-text.js';
import { operationsFile } from './generate/operations-page.js';
import { allSpecifications } from './generate/specifications.js';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = 'lib/families/generated';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function generate(folder: string | undefined, check: boolean): Promise<boolean> {
  mkdirSync(join(PROJECT, TARGET), { recursive: true });
  const specifications = allSpecifications(folder);
  let changed = 0;
  for (const specification of specifications) {
    const { file, text } = moduleText(specification, (note) => say(`note: ${note}`));
    if (replace(join(TARGET, file), text, check)) changed++;
  }
  const outcome = check ? 'would change' : 'changed';
  say(`${specifications.length} families, ${changed} ${outcome}`);
  if (folder === undefined) say("only the families of specs/ were read; name the folder of the kernel's specifications for the others");
  // The page is written from the modules, so they must be there first.
  const lists = [...listFiles(), await operationsFile()].filter(({ path, text }) => replace(path, text, check)).length;
  if (lists > 0) say(`${lists} lists of families ${outcome}`);
  return changed + lists === 0;
}

function replace(path: string, text: string, check: boolean): boolean {
  const file = join(PROJECT, path);
  if (read(file) === text) return false;
  if (!check) writeFileSync(file, text);
  else say(`differs: ${path}`);
  return true;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const words = process.argv.slice(2);
const check = words.includes('--check');
// npm scripts pass an empty word if RXNETLINK_SPECS is not set.
const folder = (words.find((word) => !word.startsWith('--')) ?? process.env['NETLINK_SPECS']) || undefined;
try {
  const same = await generate(folder, check);
  if (check && !same) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof SpecError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
