import { combineLatest, concat, distinctUntilChanged, filter, map, of, scan, skip, startWith, switchMap, timer } from 'rxjs';
import type { Observable, OperatorFunction } from 'rxjs';
import type { Limits } from './config.js';

/** The health of an uplink. One that returns is used only if there is none that is up. */
export type Health = 'down' | 'returning' | 'up';

/**
 * Chooses the uplink of the default route.
 *
 * The first uplink that is up wins. One that was down must be up for the hold time before traffic moves to it, unless the present one
 * is down. If all are down, the choice remains: a probe may be wrong, and another route would be no better.
 *
 * Nothing is chosen until each uplink has a verdict: the one that answers first need not be the preferred one.
 *
 * ```text
 * hold: 5
 * first:  t----f---t--------
 * second: -t----------------
 * choice: -0---1--------0---
 * ```
 *
 * @param verdicts - Of each uplink, the preferred one first, whether it is up.
 * @param previous - The uplink that an earlier run of the program chose.
 * @returns The place of the uplink in the list, when it changes.
 */
export function chooseUplink(
  verdicts: readonly Observable<boolean>[],
  { hold }: Pick<Limits, 'hold'>,
  previous?: number,
): Observable<number> {
  const isTrusted = (place: number): boolean => previous === undefined || previous === place;
  return combineLatest(verdicts.map((verdict, place) => verdict.pipe(holdBack(hold, isTrusted(place))))).pipe(
    scan(nextChoice, previous),
    startWith(previous),
    distinctUntilChanged(),
    skip(1),
    filter((choice) => choice !== undefined),
  );
}

/** Reports an uplink as returning for the hold time. The first verdict of a trusted one counts at once. */
function holdBack(hold: number, isTrusted: boolean): OperatorFunction<boolean, Health> {
  return (verdict) =>
    verdict.pipe(
      switchMap((isUp, index): Observable<Health> => {
        if (!isUp) return of('down');
        if (index === 0 && isTrusted) return of('up');
        return concat(of('returning' as const), timer(hold).pipe(map(() => 'up' as const)));
      }),
    );
}

function nextChoice(present: number | undefined, healths: readonly Health[]): number | undefined {
  const up = placeOf(healths, 'up');
  if (present !== undefined && healths[present] !== 'down') return up !== undefined && up < present ? up : present;
  return up ?? placeOf(healths, 'returning') ?? present;
}

function placeOf(healths: readonly Health[], health: Health): number | undefined {
  const place = healths.indexOf(health);
  return place < 0 ? undefined : place;
}
