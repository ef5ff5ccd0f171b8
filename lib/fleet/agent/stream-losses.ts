import { EMPTY, type Observable, catchError, defer, exhaustMap, filter, timer } from 'rxjs';
import type { FleetConnection } from '../server/fleet-connection.js';
import { readStream } from '../server/streams.js';
import { stateStream } from '../subjects.js';

/** Beats between two looks at the stream. */
const BEATS = 15;

/**
 * Looks at the stream of a cell from time to time: a purge of all subjects, by an administrator or by a message of another agent with the header
 * `Nats-Rollup: all`, is reported to no one. A table that does not change would be missing until the next connection.
 *
 * @param beat - Milliseconds between two beats of the agent.
 * @returns An Observable that emits the first sequence of the stream, and infinity if the stream was deleted or made again.
 * @internal
 */
export function streamLosses(fleet: FleetConnection, cell: number, beat: number): Observable<number> {
  return defer(() => {
    let created: string | undefined;
    const look = async (): Promise<number> => {
      const info = await readStream(fleet, stateStream(cell));
      const isOther = info === undefined || (created !== undefined && created !== info.created);
      created = info?.created;
      return isOther ? Infinity : info.state.first_seq;
    };
    return timer(0, BEATS * beat).pipe(
      filter(() => fleet.isUp),
      // A look that fails is followed by the next one.
      exhaustMap(() => defer(look).pipe(catchError(() => EMPTY))),
    );
  });
}
