import { defer, ignoreElements, tap } from 'rxjs';
import { ALIVE_STREAM, ensureStreams, fleetConnection, shrinkStream, stateStream } from '../../fleet/internal.js';
import { UsageError } from '../run/usage-error.js';
import { beatOption, type FleetAction, type FleetOptions } from './fleet-call.js';

/** The interval of beats of an agent without `--beat`. */
const DEFAULT_BEAT = '2s';

/** `rxnetlink fleet streams`: makes the streams of a fleet, or checks those that exist, and shrinks them if there are more of them now. */
export const makeStreams: FleetAction = ({ words, options, output }) => {
  if (words.length > 0) throw new UsageError(`fleet streams: unexpected ${words[0]!}; --cells and --beat describe the fleet`);
  const beat = beatOption((options as FleetOptions).beat ?? DEFAULT_BEAT);
  return ({ connection, selection: { cells } }) => {
    const all = Array.from({ length: cells }, (_, cell) => cell);
    return defer(async () => {
      const fleet = fleetConnection(connection);
      for (const cell of all) {
        await ensureStreams(fleet, cell, beat, cells);
        await shrinkStream(fleet, cell, cells);
      }
    }).pipe(
      tap(() => output.lines([...all.map(stateStream), ALIVE_STREAM].map((stream) => `${stream} is right`))),
      ignoreElements(),
    );
  };
};
