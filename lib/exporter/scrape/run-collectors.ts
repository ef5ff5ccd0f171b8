import { catchError, defaultIfEmpty, defer, forkJoin, map, of, throwError, throwIfEmpty, timeout, type Observable } from 'rxjs';
import type { Collector, Outcome } from './collector.js';

/**
 * Runs collectors at the same time. A collector that fails does not disturb the others.
 *
 * @param limit - The time in milliseconds after which a collector has failed.
 */
export function runCollectors(collectors: readonly Collector[], limit: number): Observable<readonly Outcome[]> {
  return forkJoin(collectors.map((collector) => runCollector(collector, limit))).pipe(defaultIfEmpty([]));
}

function runCollector({ name, read }: Collector, limit: number): Observable<Outcome> {
  return defer(() => {
    const start = performance.now();
    const outcome = (rest: Pick<Outcome, 'families' | 'error'>): Outcome => ({
      collector: name,
      seconds: (performance.now() - start) / 1000,
      ...rest,
    });
    return read.pipe(
      timeout({ first: limit, with: () => throwError(() => new Error(`the kernel did not answer within ${String(limit)} ms`)) }),
      throwIfEmpty(() => new Error('the kernel sent no answer')),
      map((families) => outcome({ families })),
      catchError((error: unknown) => of(outcome({ families: [], error: error instanceof Error ? error.message : String(error) }))),
    );
  });
}
