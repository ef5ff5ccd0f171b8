import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { spawnSync } from '../support/programs.js';

/** Runs a tool that must succeed; its words are given as one text. */
export function run(line: string): string {
  const [program, ...args] = line.split(' ').filter((word) => word !== '');
  const { status, error, stdout, stderr } = spawnSync(program!, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${line}: ${error?.message ?? `status ${String(status)}\n${stderr}`}`);
  return stdout;
}

/** What a tool prints as JSON. */
export function json<T>(line: string): T {
  return JSON.parse(run(line)) as T;
}

/** Loads modules of the wide kernel. */
export function modules(...names: string[]): void {
  run(`modprobe -a ${names.join(' ')}`);
}

/** The last value. */
export function last<T>(source: Observable<T>): Promise<T> {
  return lastValueFrom(source);
}

/** All values. */
export function all<T>(source: Observable<T>): Promise<T[]> {
  return lastValueFrom(source.pipe(toArray()));
}
