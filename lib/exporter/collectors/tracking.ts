import type { GetStatsGlobalReply, GetStatsReply } from '../../families/conntrack.js';
import { familiesOf, type Labelled, type MetricDefinition, type MetricFamily } from '../text/metric-family.js';

type Table = Pick<GetStatsGlobalReply, 'entries' | 'maxEntries'>;

/** The counters of one processor. */
export type TrackingRow = Partial<GetStatsReply>;

interface Tracking extends Labelled {
  readonly table: Table;
  /** Returns the sum of a counter of all processors. */
  readonly sum: (name: Counter) => bigint;
}

type Counter = Exclude<keyof GetStatsReply, symbol>;

const gauge = (name: string, help: string, value: (tracking: Tracking) => bigint | number | undefined): MetricDefinition<Tracking> => ({
  name: `node_nf_conntrack_${name}`,
  type: 'gauge',
  help,
  value,
});
const stat = (name: string, counter: Counter, help: string) => gauge(`stat_${name}`, help, ({ sum }) => sum(counter));
const counter = (name: string, of: Counter, help: string): MetricDefinition<Tracking> => ({
  name: `rxnetlink_conntrack_${name}_total`,
  type: 'counter',
  help,
  value: ({ sum }) => sum(of),
});

/** The statistics of node_exporter are gauges there, although all of them are counters. */
const DEFINITIONS: readonly MetricDefinition<Tracking>[] = [
  gauge('entries', 'The number of tracked connections.', ({ table }) => table.entries),
  gauge('entries_limit', 'The maximum number of tracked connections.', ({ table }) => table.maxEntries),
  stat('found', 'found', 'Entries that a search found.'),
  stat('invalid', 'invalid', 'Packets that cannot be tracked.'),
  stat('ignore', 'ignore', 'Packets of connections that had an entry already.'),
  stat('insert', 'insert', 'Entries that were inserted.'),
  stat('insert_failed', 'insertFailed', 'Entries that were not inserted, because the same one existed.'),
  stat('drop', 'drop', 'Packets that were dropped because their connection could not be tracked.'),
  stat('early_drop', 'earlyDrop', 'Entries that were deleted to make room for others.'),
  stat('search_restart', 'searchRestart', 'Searches that began again because the table changed its size.'),
  counter('errors', 'error', 'Packets whose connection could not be tracked because of an error in them.'),
  counter('clashes_resolved', 'clashResolve', 'Connections of two packets at the same time that became one entry.'),
  counter('chains_too_long', 'chainToolong', 'Entries that were not inserted because too many had the same place in the table.'),
];

/** Returns the size of the table of tracked connections, and the statistics of all processors as sums. */
export function trackingMetrics(table: Table, rows: readonly TrackingRow[]): readonly MetricFamily[] {
  const sum = (name: Counter): bigint => rows.reduce((total, row) => total + BigInt(row[name] ?? 0), 0n);
  return familiesOf(DEFINITIONS, [{ labels: '', table, sum }]);
}
