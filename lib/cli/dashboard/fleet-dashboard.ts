import type { NatsConnection } from '@nats-io/nats-core';
import { defer, finalize, map, NEVER, timer, type Observable } from 'rxjs';
import type { PageData } from '../../dashboard/index.js';
import type { Action } from '../command.js';
import { checkHostName } from '../../fleet/internal.js';
import { cellsOption } from '../fleet/fleet-call.js';
import { withServer, type ServerOptions } from '../fleet/connect/server.js';
import { fleetTables } from '../fleet/tables.js';
import { packageVersion } from '../run/package-file.js';
import { UsageError } from '../run/usage-error.js';
import { hostTables, hostsTable } from './host-tables.js';
import { pageServer } from './serve-page.js';

/** Options of the command. */
interface FleetDashboardCall extends Omit<ServerOptions, 'server'> {
  readonly fleet: string;
  readonly netns?: string;
  readonly cells?: string;
}

/** `rxnetlink dashboard --fleet`: serves a page of many hosts until Ctrl-C. */
export const action: Action = (call) => {
  const { fleet, netns, cells, ...options } = call.options as unknown as FleetDashboardCall;
  if (netns !== undefined)
    throw new UsageError('dashboard: --netns selects a namespace of this host, and --fleet other hosts; omit one of them');
  const selection = { cells: cellsOption(cells) };
  const serve = pageServer(call);
  const work = (connection: NatsConnection): Observable<never> =>
    defer(() => {
      const { tables, close } = fleetTables();
      const hosts = hostsTable(connection, selection);
      const data = (host: string | null): PageData => ({
        hello: { version: packageVersion(), host: `fleet at ${connection.getServer()}`, namespace: null, fleet: host },
        tables: host === null ? [hosts] : [hosts, ...hostTables(connection, { ...selection, hosts: [host] }, tables)],
        // A page without an event each second counts its connection as lost.
        rates: timer(0, 1000).pipe(map(() => [])),
        topology: NEVER,
      });
      return serve({ ...data(null), dataOf: (host) => (isName(host) ? data(host) : undefined) }).pipe(finalize(close));
    });
  return withServer({ ...options, server: fleet }, 'rxnetlink dashboard', work, '--fleet');
};

/** Returns true for the name of a host that an agent may have. A pattern would select several hosts. */
function isName(host: string): boolean {
  try {
    checkHostName('host', host);
    return true;
  } catch {
    return false;
  }
}
