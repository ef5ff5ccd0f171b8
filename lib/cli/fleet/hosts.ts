import { asyncScheduler, concat, defer, EMPTY, forkJoin, ignoreElements, mergeMap, tap, throttleTime, type Observable } from 'rxjs';
import { fleet, type HostChange } from '../../fleet/index.js';
import { printer } from '../listings/print-objects.js';
import type { Column } from '../output/table.js';
import { UsageError } from '../run/usage-error.js';
import type { FleetAction, FleetCall, FleetOptions } from './fleet-call.js';
import { untilComplete } from './until-complete.js';
import { hostsWithBeats, hostsWithRows } from './stored-hosts.js';

/** The shortest time between two tables. */
const PAUSE_MS = 200;

/** The note of a listing without a host. */
export const NO_HOSTS =
  'rxnetlink: the server has neither beats nor rows of a selected host; start `rxnetlink agent` on one, and check --hosts and --cells';

/** A host of the fleet. */
export interface FleetHost {
  readonly host: string;
  /** `silent` if its agent sends no beats: its rows may be out of date. */
  readonly state: 'up' | 'silent' | 'gone';
  /** Of a host that is not up: since when, in the form of ISO 8601, if it is known, and why. */
  readonly since?: string;
  readonly reason?: string;
  /** Names the run of the agent. */
  readonly epoch?: string;
  /** Milliseconds between two beats. */
  readonly interval?: number;
  /** The tables `family/operation`; true if the table is stored in full. */
  readonly tables?: Readonly<Record<string, boolean>>;
}

/** The columns of the hosts. */
export const HOST_COLUMNS: readonly Column<FleetHost>[] = [
  { title: 'HOST', isKey: true, text: ({ host }) => host },
  { title: 'STATE', text: ({ state }) => state, colour: ({ state }) => (state === 'up' ? 'green' : 'red') },
  { title: 'SINCE', text: ({ since }) => since },
  { title: 'REASON', text: ({ reason }) => reason },
  { title: 'BEAT', text: ({ interval }) => (interval === undefined ? undefined : `${String(interval / 1000)}s`), align: 'right' },
  { title: 'TABLES', text: ({ tables }) => tablesText(tables) },
];

/** `rxnetlink fleet hosts`: the hosts, and if their agents work. */
export const showHosts: FleetAction = (call) => {
  if (call.words.length > 0) throw new UsageError(`fleet hosts: unexpected ${call.words[0]!}; --hosts selects hosts`);
  const { watch, json } = call.options as FleetOptions;
  const print = printer<FleetHost>({ columns: HOST_COLUMNS }, { json: json === true, watch: watch === true }, call);
  const show = (hosts: ReadonlyMap<string, FleetHost>): void => {
    print([...hosts.values()].sort((one, other) => (one.host < other.host ? -1 : 1)).map((row) => ({ row })));
  };
  return (source) => {
    const hosts = new Map<string, FleetHost>();
    return (watch === true ? live(source, hosts, show) : once(source, hosts, show)).pipe(ignoreElements());
  };
};

function live(
  source: FleetCall,
  hosts: Map<string, FleetHost>,
  show: (hosts: ReadonlyMap<string, FleetHost>) => void,
): Observable<unknown> {
  return changes(source).pipe(
    tap((change) => applyHostChange(hosts, change)),
    throttleTime(PAUSE_MS, asyncScheduler, { leading: true, trailing: true }),
    tap(() => show(hosts)),
  );
}

/** Shows the hosts that the server knows: those with beats, and those with rows only, whose agents have ended. */
function once(
  source: FleetCall,
  hosts: Map<string, FleetHost>,
  show: (hosts: ReadonlyMap<string, FleetHost>) => void,
): Observable<unknown> {
  return forkJoin([hostsWithRows(source), hostsWithBeats(source)]).pipe(
    mergeMap(([stored, beating]) => {
      for (const host of stored) if (!beating.has(host)) hosts.set(host, { host, state: 'silent', reason: 'beats' });
      const isComplete = (): boolean => [...beating].every((host) => hosts.has(host));
      const applied = changes(source).pipe(tap((change) => applyHostChange(hosts, change)));
      return concat(
        isComplete() ? EMPTY : untilComplete(applied, isComplete, source.timeout),
        defer(() => {
          show(hosts);
          if (hosts.size === 0) source.call.output.note(NO_HOSTS);
          return EMPTY;
        }),
      );
    }),
  );
}

const changes = ({ connection, selection }: FleetCall): Observable<HostChange> => fleet(connection, selection).hosts();

/** Applies a change to the known hosts. */
export function applyHostChange(hosts: Map<string, FleetHost>, change: HostChange): void {
  const { host } = change;
  switch (change.type) {
    case 'added':
    case 'changed': {
      const { epoch, interval, tables } = change;
      hosts.set(host, { host, state: 'up', epoch, interval, tables });
      break;
    }
    case 'back': {
      const { epoch, interval, tables } = hosts.get(host) ?? {};
      hosts.set(host, {
        host,
        state: 'up',
        ...(epoch !== undefined && { epoch }),
        ...(interval !== undefined && { interval }),
        ...(tables !== undefined && { tables }),
      });
      break;
    }
    case 'silent':
    case 'gone':
      hosts.set(host, {
        ...hosts.get(host),
        host,
        state: change.type,
        since: new Date(change.since).toISOString(),
        ...(change.type === 'silent' && { reason: change.reason }),
      });
  }
}

/** Returns the tables without their operation, and those that are not stored yet with a question mark. */
function tablesText(tables: FleetHost['tables']): string {
  return Object.entries(tables ?? {})
    .map(([name, isStored]) => `${name}${isStored ? '' : '?'}`)
    .join(' ');
}
