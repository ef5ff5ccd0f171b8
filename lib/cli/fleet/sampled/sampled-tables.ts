import { suggestion } from '../../../check/index.js';
import type { ConntrackStatistics, FirewallCount, LinkCounters, SampledRows, SampledTableName, SocketCount } from '../../../fleet/index.js';
import { jsonText } from '../../output/json-text.js';
import type { Column } from '../../output/table.js';
import { UsageError } from '../../run/usage-error.js';
import type { FleetTable } from '../tables.js';

/** A column of a property whose values are numbers. */
const count = <T, Name extends keyof T & string>(title: string, name: Name): Column<T> => ({
  title,
  align: 'right',
  text: (row) => {
    const value: unknown = row[name];
    return typeof value === 'bigint' || typeof value === 'number' ? String(value) : undefined;
  },
});

const LINK_COUNTERS: readonly Column<LinkCounters>[] = [
  { title: 'LINK', isKey: true, text: ({ ifname }) => ifname },
  count('RX-BYTES', 'rxBytes'),
  count('RX-PACKETS', 'rxPackets'),
  count('RX-ERRORS', 'rxErrors'),
  count('RX-DROPPED', 'rxDropped'),
  count('TX-BYTES', 'txBytes'),
  count('TX-PACKETS', 'txPackets'),
  count('TX-ERRORS', 'txErrors'),
  count('TX-DROPPED', 'txDropped'),
];

const SOCKETS: readonly Column<SocketCount>[] = [
  { title: 'PROTOCOL', isKey: true, text: ({ protocol }) => protocol },
  { title: 'FAMILY', isKey: true, text: ({ addressFamily }) => addressFamily },
  { title: 'STATE', isKey: true, text: ({ state }) => state },
  count('COUNT', 'count'),
];

const CONNTRACK_STATISTICS: readonly Column<ConntrackStatistics>[] = [
  { title: 'CPU', isKey: true, text: ({ cpu }) => cpu },
  count('FOUND', 'found'),
  count('INVALID', 'invalid'),
  count('INSERT', 'insert'),
  count('INSERT-FAILED', 'insertFailed'),
  count('DROP', 'drop'),
  count('EARLY-DROP', 'earlyDrop'),
  count('ERROR', 'error'),
  count('SEARCH-RESTART', 'searchRestart'),
];

const FIREWALL_COUNTERS: readonly Column<FirewallCount>[] = [
  { title: 'NAME', isKey: true, text: ({ name }) => name },
  count('PACKETS', 'packets'),
  count('BYTES', 'bytes'),
];

/** The tables that agents read at an interval. Their rows are shown as they are, and name their link themselves. */
export const SAMPLED_FLEET_TABLES: ReadonlyMap<SampledTableName, FleetTable> = new Map(
  [
    table('link-counters', LINK_COUNTERS, ['ifname', 'ifiIndex'], ({ ifname }) => `counters of link ${ifname}`),
    table('sockets', SOCKETS, ['state', 'protocol', 'addressFamily'], ({ protocol, addressFamily, state }) => {
      return addressFamily === protocol
        ? `${protocol} sockets ${String(state)}`
        : `${protocol} sockets of ${addressFamily} ${String(state)}`;
    }),
    table('conntrack-statistics', CONNTRACK_STATISTICS, ['cpu'], ({ cpu }) => `connection tracking of processor ${String(cpu)}`),
    table('firewall-counters', FIREWALL_COUNTERS, ['name'], ({ name }) => name),
  ].map((entry) => [entry.name as SampledTableName, entry]),
);

/** @param names - The properties by which rows are selected; a word without `=` is the value of the first one. */
function table<Name extends SampledTableName>(
  name: Name,
  columns: readonly Column<SampledRows[Name]>[],
  names: readonly [string, ...string[]],
  nameOf: (row: SampledRows[Name]) => string,
): FleetTable {
  return {
    name,
    family: 'sampled',
    op: name,
    word: names[0],
    wordMayBeNumber: false,
    columns: columns as readonly Column<object>[],
    objectOf: (row) => row,
    nameOf: (row) => nameOf(row as SampledRows[Name]),
    matcher: (filter) => {
      for (const given of Object.keys(filter)) {
        if (!names.includes(given))
          throw new UsageError(
            `fleet ${name}: rows have no property '${given}' to select them by${suggestion(given, names, '; ') || `; expected one of ${names.join(', ')}`}`,
          );
      }
      const wanted = Object.entries(filter).map(
        ([key, value]) => [key, typeof value === 'object' ? jsonText(value) : String(value)] as const,
      );
      return (row) => wanted.every(([key, value]) => String((row as Readonly<Record<string, unknown>>)[key]) === value);
    },
  };
}
