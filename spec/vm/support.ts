import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { spawnSync } from '../support/programs.js';

/** Runs a tool that must succeed; the arguments are split at blanks. */
export function run(line: string): string {
  const [program, ...args] = line.split(' ').filter((word) => word !== '');
  const { status, error, stdout, stderr } = spawnSync(program!, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${line}: ${error?.message ?? `status ${String(status)}\n${stderr}`}`);
  return stdout;
}

/** Runs a tool and parses its JSON output. */
export function json<T>(line: string): T {
  return JSON.parse(run(line)) as T;
}

/** Loads modules of the wide kernel. */
export function modules(...names: string[]): void {
  run(`modprobe -a ${names.join(' ')}`);
}

/** Returns the last value of a stream. */
export function last<T>(source: Observable<T>): Promise<T> {
  return lastValueFrom(source);
}

/** Returns all values of a stream. */
export function all<T>(source: Observable<T>): Promise<T[]> {
  return lastValueFrom(source.pipe(toArray()));
}
