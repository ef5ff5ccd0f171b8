import { defer, type Observable } from 'rxjs';
import {
  ALIVE_STREAM,
  aliveSubject,
  cellOf,
  decodeToken,
  fleetConnection,
  hostFilter,
  storedShards,
  storedSubjects,
} from '../../fleet/internal.js';
import type { FleetCall } from './fleet-call.js';

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
      for (const { host } of await storedShards(fleetConnection(connection), cell, { host: '*', family, op }))
        if (matches(host) && cellOf(host, cells) === cell) found.add(host);
    }
    return found;
  });
}

/** Emits the hosts of the selection of which the server has a beat. */
export function hostsWithBeats({ connection, selection: { hosts } }: FleetCall): Observable<ReadonlySet<string>> {
  const { matches } = hostFilter(hosts);
  return defer(async () => {
    const subjects = await storedSubjects(fleetConnection(connection), ALIVE_STREAM, aliveSubject('*'));
    const found = subjects.map((subject) => decodeToken(subject.slice(subject.lastIndexOf('.') + 1)));
    return new Set(found.filter((host) => host !== undefined && matches(host)) as string[]);
  });
}
