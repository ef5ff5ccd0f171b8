import { OverrunError } from '../../errors/index.js';
import type { ProcessEvent } from '../generated/cn_proc.js';

/**
 * Finds gaps in the numbers of events. The kernel counts the events of each processor; an event for which it has no memory is missing.
 *
 * A socket that receives only some events sees gaps that are no losses.
 *
 * @internal
 */
export class EventNumbers {
  readonly #next = new Map<number, number>();

  /** Returns how many events of its processor are missing in front of an event. */
  missingBefore({ cpu, seq }: ProcessEvent): number {
    const expected = this.#next.get(cpu);
    this.#next.set(cpu, (seq + 1) >>> 0);
    return expected === undefined ? 0 : (seq - expected) >>> 0;
  }

  /** Starts again: events were lost, and a subscriber knows that. */
  reset(): void {
    this.#next.clear();
  }

  /** Returns the error that reports a gap. */
  error({ cpu }: ProcessEvent, missing: number): OverrunError {
    return new OverrunError(missing, `ENOBUFS processEvents: the kernel could not send ${missing} events of processor ${cpu}`);
  }
}
