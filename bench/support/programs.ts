import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { command, ownFolder } from './place.js';

const here = dirname(import.meta.dirname);
const root = join(here, '..');
/** As deep as bench/subjects/, so that `../../dist` is the built package there, too. */
const subjects = join(root, '.cache/bench');

/** Where things that take long to build are kept between runs. */
export const keptFolder: string = join(root, '.cache');

/** Builds what is measured: the package, where it is out of date, and the programs of bench/subjects. */
export async function buildSubjects(): Promise<void> {
  command(process.execPath, join(root, 'scripts/prepare.mjs'));
  await build({ entryPoints: [join(here, 'subjects/*.ts')], outdir: subjects, format: 'esm', platform: 'node', target: 'node20.19' });
}

/** A program of bench/subjects, as a command: on the built package, without anything that translates it on the way. */
export function subject(name: string, args: readonly string[] = [], flags: readonly string[] = []): string[] {
  return [process.execPath, ...flags, join(subjects, `${name}.js`), ...args];
}

const compiled = new Map<string, string>();

/** A C program of bench/, compiled when it is first asked for. */
export function compile(source: string, ...libraries: readonly string[]): string {
  let program = compiled.get(source);
  if (program === undefined) {
    program = join(ownFolder(), source.replace(/\W/g, '-'));
    command('gcc', '-O2', '-Wall', '-Wextra', '-o', program, join(here, source), ...libraries);
    compiled.set(source, program);
  }
  return program;
}
