import type { Subscription } from 'rxjs';
import { changed, differences } from '../../live/internal.js';
import type { FleetChange, FleetSilentReason } from './fleet-change.js';
import type { HostLog, RowChange } from './host-log.js';
import type { HostTracker } from './host-tracker.js';
import type { ShardReading } from './shard-reading.js';

const IGNORED: ReadonlySet<string> = new Set();

/** A host of which the table has rows. @internal */
export interface Entry {
  log: HostLog;
  /** The rows that were emitted, while the log that replaced theirs is not complete. */
  emitted: ReadonlyMap<string, object> | undefined;
  /** True if `synced` was emitted. */
  isSynced: boolean;
  /** The reason with which it was last emitted as silent; undefined while it is not. */
  silent: FleetSilentReason | undefined;
  isGone: boolean;
  /** The reason `unread` that was emitted last; the agent may report it later than that it is behind. */
  unread: string | undefined;
  /** The reasons of the table itself: a missing message, or one that cannot be read. */
  fault: { readonly reason: FleetSilentReason; readonly detail?: string } | undefined;
  /** Subjects that are being read again. */
  readonly rereading: Map<number, { readonly reading: ShardReading; readonly subscription: Subscription }>;
}

/** Since when and why the entries of a host may be out of date. @internal */
export interface Staleness {
  readonly since: number;
  readonly reason: FleetSilentReason;
  readonly detail?: string;
}

/** The hosts of a stream. While the stream is read from its start, their rows are collected apart. @internal */
export interface Cell {
  readonly number: number;
  readonly reading: Subscription;
  /** False if it is read only because a beat names it. */
  isListed: boolean;
  readonly hosts: Map<string, Entry>;
  /** The rows of hosts that are read from another stream. */
  readonly others: Map<string, HostLog>;
  collected: Map<string, HostLog> | undefined;
}

/** Returns a host without emitted rows. @internal */
export function newEntry(log: HostLog): Entry {
  return {
    log,
    emitted: undefined,
    isSynced: false,
    silent: undefined,
    isGone: false,
    unread: undefined,
    fault: undefined,
    rereading: new Map(),
  };
}

/**
 * Returns why the entries of a host may be out of date; undefined if they are not.
 *
 * @internal
 */
export function stalenessOf(
  tracker: HostTracker,
  { family, op }: { readonly family: string; readonly op: string },
  host: string,
  { fault, log }: Entry,
): Staleness | undefined {
  const since = Date.now();
  const table = `${family}/${op}`;
  const detail = tracker.unreadReason(host, table);
  const known = detail === undefined ? ({ since, reason: 'behind' } as const) : ({ since, reason: 'unread', detail } as const);
  const behind = tracker.isBehind(host, table, log.run) ? known : undefined;
  return tracker.silentSince(host) ?? (fault === undefined ? behind : { since, ...fault });
}

/** Returns the emission of a change of a row; undefined if there was no row. @internal */
export function emissionOf(host: string, { previous, value }: RowChange): FleetChange<object> | undefined {
  if (value === undefined) return previous === undefined ? undefined : { type: 'removed', host, value: previous };
  if (previous === undefined) return { type: 'added', host, value };
  return { ...changed(previous, value, differences(previous, value, IGNORED)), host };
}

/** Stops reading the subjects of a host again, or one of them. @internal */
export function stopRereading({ rereading }: Entry, only?: number): void {
  for (const [shard, { subscription }] of rereading) {
    if (only !== undefined && shard !== only) continue;
    rereading.delete(shard);
    subscription.unsubscribe();
  }
}
