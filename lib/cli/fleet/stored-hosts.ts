import { defer, type Observable } from 'rxjs';
import {
  ALIVE_STREAM,
  aliveSubject,
  decodeToken,
  fleetConnection,
  forEachCell,
  hostFilter,
  storedCells,
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
    const fleet = fleetConnection(connection);
    const shards = await forEachCell(await storedCells(fleet, cells), (cell) => storedShards(fleet, cell, { host: '*', family, op }));
    for (const { host } of shards.flat()) if (matches(host)) found.add(host);
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
