import { readFile } from 'node:fs/promises';
import { catchError, defer, map, of, type Observable } from 'rxjs';

/** The function that calls those of the kinds of filters: a table without it is not complete. */
const CALLER = 'tcf_classify';

/**
 * Emits a function that returns true if the running kernel, with its modules, has a function of a name.
 *
 * It returns true for every name if the table of the kernel (`/proc/kallsyms`) cannot be read. The kernel needs some tens of milliseconds to print it.
 *
 * @internal
 */
export function kernelFunctions(): Observable<(name: string) => boolean> {
  return defer(() => readFile('/proc/kallsyms')).pipe(
    map((table) => {
      // A compiler may add a suffix, which begins with a dot.
      const has = (name: string): boolean => table.includes(` ${name}`);
      return has(CALLER) ? has : () => true;
    }),
    catchError(() => of(() => true)),
  );
}
