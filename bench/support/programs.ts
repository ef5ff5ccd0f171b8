import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { command, ownFolder } from './place.js';

const here = dirname(import.meta.dirname);
const root = join(here, '..');
/** As deep as bench/subjects/, so that `../../dist` is the built package from there also, and `../support` has what they import. */
const subjects = join(root, '.cache/subjects');

/** Programs that take long to build are kept here between runs. */
export const keptFolder: string = join(root, '.cache');

/** Builds the package if it is out of date, and the programs of bench/subjects. */
export async function buildSubjects(): Promise<void> {
  command(process.execPath, join(root, 'scripts/prepare.mjs'));
  const entryPoints = [join(here, 'subjects/**/*.ts'), join(here, 'support/answer.ts')];
  await build({ entryPoints, outbase: here, outdir: dirname(subjects), format: 'esm', platform: 'node', target: 'node20.19' });
}

/** Returns the command of a program of bench/subjects. The program uses the built package, without a loader. */
export function subject(name: string, args: readonly string[] = [], flags: readonly string[] = []): string[] {
  return [process.execPath, ...flags, join(subjects, `${name}.js`), ...args];
}

/** Runs a program in a namespace; returns the JSON that it prints. */
export function runIn<Answer>(namespace: string, program: readonly string[]): Answer {
  return JSON.parse(command('ip', 'netns', 'exec', namespace, ...program)) as Answer;
}

const compiled = new Map<string, string>();

/** Returns the path of a C program of bench/, which is compiled on first use. */
export function compile(source: string, ...libraries: readonly string[]): string {
  let program = compiled.get(source);
  if (program === undefined) {
    program = join(ownFolder(), source.replace(/\W/g, '-'));
    command('gcc', '-O2', '-Wall', '-Wextra', '-o', program, join(here, source), ...libraries);
    compiled.set(source, program);
  }
  return program;
}
