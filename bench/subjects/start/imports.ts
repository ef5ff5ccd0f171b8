/*
 * `imports FILE...`: imports rxjs, then these files of dist/, and prints `{"rxjs", "own"}`: the time of each in milliseconds.
 */
import { join } from 'node:path';

const DIST = join(import.meta.dirname, '../../../dist');

/** Returns the time of importing modules in milliseconds. */
async function cost(...names: readonly string[]): Promise<number> {
  const began = performance.now();
  for (const name of names) await import(name);
  return performance.now() - began;
}

const rxjs = await cost('rxjs');
const own = await cost(...process.argv.slice(2).map((file) => join(DIST, file)));
console.log(JSON.stringify({ rxjs, own }));
