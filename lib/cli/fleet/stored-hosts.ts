import { jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import { defer, from, type Observable } from 'rxjs';
import { ALIVE_STREAM, aliveSubject, decodeToken, hostFilter, shardOf, stateStream, stateSubject } from '../../fleet/internal.js';
import type { FleetCall } from './fleet-call.js';

/** JSStreamNotFoundErr of nats-server. */
const STREAM_NOT_FOUND = 10059;

/** A table to look for; all if omitted. */
interface Wanted {
  readonly family: string;
  readonly op: string;
}

/** Emits the hosts of the selection of which the server has rows of a table. */
export function hostsWithRows({ connection, selection: { cells, hosts } }: FleetCall, wanted?: Wanted): Observable<ReadonlySet<string>> {
  const { matches } = hostFilter(hosts);
  return defer(async () => {
    const found = new Set<string>();
    const { family = '*', op = '*' } = wanted ?? {};
    for (let cell = 0; cell < cells; cell++) {
      const filter = stateSubject({ cell, host: '*', family, op, shard: '*' });
      for (const subject of await subjects(connection, stateStream(cell), filter)) {
        const shard = shardOf(subject);
        if (shard !== undefined && matches(shard.host)) found.add(shard.host);
      }
    }
    return found;
  });
}

/** Emits the hosts of the selection of which the server has a beat. */
export function hostsWithBeats({ connection, selection: { hosts } }: FleetCall): Observable<ReadonlySet<string>> {
  const { matches } = hostFilter(hosts);
  return from(
    subjects(connection, ALIVE_STREAM, aliveSubject('*')).then(
      (found) =>
        new Set(
          found.flatMap((subject) => {
            const host = decodeToken(subject.slice(subject.lastIndexOf('.') + 1));
            return host !== undefined && matches(host) ? [host] : [];
          }),
        ),
    ),
  );
}

/** Returns the subjects of the messages of a stream; none if there is no such stream. */
async function subjects(connection: FleetCall['connection'], stream: string, filter: string): Promise<readonly string[]> {
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await manager.streams.info(stream, { subjects_filter: filter });
    return Object.keys(state.subjects ?? {});
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return [];
    throw error;
  }
}
