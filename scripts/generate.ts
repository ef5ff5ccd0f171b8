/*
 * Writes lib/families/generated/ from the kernel's netlink specifications.
 *
 *   npm run generate -- <folder>       or NETLINK_SPECS=<folder> npm run generate
 *   npm run generate -- --check <folder>   writes nothing, fails if a file would change
 *
 * The folder holds the YAML files: Documentation/netlink/specs of a kernel's sources.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProperties } from '../lib/codegen/write/describe-properties.js';
import { describeFamily } from '../lib/codegen/generate.js';
import { SpecError } from '../lib/codegen/spec-error.js';
import { writeFamily } from '../lib/codegen/write/write-family.js';

const TARGET = new URL('../lib/families/generated/', import.meta.url).pathname;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function generate(folder: string, check: boolean): boolean {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  if (files.length === 0) throw new SpecError(folder, '', 'contains no .yaml files');
  mkdirSync(TARGET, { recursive: true });
  let changed = 0;
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const schema = describeFamily(text, file, (note) => say(`note: ${note}`));
    const origin = `${file}, sha256 ${createHash('sha256').update(text).digest('hex')}`;
    if (replace(join(TARGET, `${schema.source}.ts`), writeFamily(schema, origin, describeProperties(text, file)), check)) changed++;
  }
  say(`${files.length} families, ${changed} ${check ? 'would change' : 'changed'}`);
  return changed === 0;
}

function replace(path: string, text: string, check: boolean): boolean {
  if (read(path) === text) return false;
  if (!check) writeFileSync(path, text);
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
const folder = words.find((word) => !word.startsWith('--')) ?? process.env['NETLINK_SPECS'];
if (folder === undefined) {
  process.stderr.write('usage: npm run generate -- [--check] <folder of the specifications>, or set NETLINK_SPECS\n');
  process.exitCode = 2;
} else {
  try {
    const same = generate(folder, check);
    if (check && !same) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
