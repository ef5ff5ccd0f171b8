import { distinctUntilChanged, filter, map, scan, type OperatorFunction } from 'rxjs';
import type { Limits } from './config.js';

/** An observation of an uplink: a probe with or without an answer, or a lost carrier or gateway. */
export type Sign = 'answered' | 'missed' | 'lost';

interface State {
  /** The verdict; undefined before the first one. */
  readonly isUp: boolean | undefined;
  /** The number of signs in succession that contradict the verdict. */
  readonly against: number;
}

/**
 * Decides whether an uplink is up, with hysteresis: a few wrong signs do not change the verdict.
 *
 * The first answer is enough for the first verdict. A lost carrier or gateway is a verdict by itself: it needs no probes.
 *
 * ```text
 * failures: 3, successes: 2
 * signs:   -a-m-m-a-m-m-m-a-m-a-a-l-a-a-
 * verdict: -t-----------f-------t-f---t
 * ```
 *
 * @returns The verdict, when it changes.
 */
export function judge({ failures, successes }: Limits): OperatorFunction<Sign, boolean> {
  const next = ({ isUp, against }: State, sign: Sign): State => {
    if (sign === 'lost') return { isUp: false, against: 0 };
    const isAnswered = sign === 'answered';
    if (isUp === isAnswered) return { isUp, against: 0 };
    const needed = !isAnswered ? failures : isUp === undefined ? 1 : successes;
    return against + 1 >= needed ? { isUp: isAnswered, against: 0 } : { isUp, against: against + 1 };
  };
  return (signs) =>
    signs.pipe(
      scan(next, { isUp: undefined, against: 0 }),
      map(({ isUp }) => isUp),
      filter((isUp) => isUp !== undefined),
      distinctUntilChanged(),
    );
}
