import type { ChangedProperty } from '../../live/index.js';

/** The reason of a `synced` of a fleet. @public */
export type FleetSyncReason =
  /** The first `synced` of the host for this subscriber. */
  | 'initial'
  /** Messages were missing, and the table of the host was read again. */
  | 'gap'
  /** The stream was read again from its start: the server lost messages, or the reader was disconnected for long. */
  | 'reread'
  /** The host was gone and is back. */
  | 'back';

/** The reason why a host is silent: its entries may be out of date. @public */
export type FleetSilentReason =
  /** The agent of the host ended. */
  | 'ended'
  /** No beat arrived in time: the agent, its machine or the network failed. */
  | 'beats'
  /**
   * The agent runs, and the server does not have its rows yet: the agent has just started, or the server does not accept its writes. The entries are
   * those that were stored last.
   */
  | 'behind'
  /** The agent cannot read the table, which it samples; `detail` contains the error. The entries are those of the last reading. */
  | 'unread'
  /** The connection of this reader to the server is lost. */
  | 'disconnected'
  /** Messages are missing; they are being read again. */
  | 'gap'
  /** A message cannot be read; `detail` contains the error. The next snapshot of the agent replaces it. */
  | 'message'
  /** A message exceeds a limit of readers (8 MiB inflated, 65,536 rows, 1,024 shards) and was dropped; `detail` contains which. */
  | 'limit';

/** A host whose entries may be out of date, or no longer. @public */
export type FleetPresence =
  /** Emitted again, with the same `since`, when the reason changes. */
  | {
      readonly type: 'silent';
      readonly host: string;
      /** Milliseconds since 1970. */
      readonly since: number;
      readonly reason: FleetSilentReason;
      readonly detail?: string;
    }
  /** The entries are those of the host again. */
  | { readonly type: 'back'; readonly host: string; readonly since: number }
  /**
   * The host was silent for `goneAfter`, was removed by `forgetHost()`, or its agent does not publish the table any more. Each of its entries was
   * emitted as `removed` before.
   */
  | { readonly type: 'gone'; readonly host: string; readonly since: number };

/** An emission of a table of a fleet. @public */
export type FleetChange<T> =
  /** The entries of the host are complete; `entries` holds all of them. */
  | { readonly type: 'synced'; readonly host: string; readonly entries: readonly T[]; readonly reason: FleetSyncReason }
  | { readonly type: 'added'; readonly host: string; readonly value: T }
  | {
      readonly type: 'changed';
      readonly host: string;
      readonly value: T;
      readonly previous: T;
      /** Names of the properties that differ. */
      readonly properties: readonly ChangedProperty<T>[];
    }
  | { readonly type: 'removed'; readonly host: string; readonly value: T }
  | FleetPresence;

/** An emission of the hosts of a fleet. @public */
export type HostChange =
  /** The first beat of a host, or the first one of a new run of its agent (`changed`). */
  | {
      readonly type: 'added' | 'changed';
      readonly host: string;
      /** Names the run of the agent. */
      readonly epoch: string;
      /** Milliseconds between beats. */
      readonly interval: number;
      /** The tables `family/operation`; true if the table is stored in full. */
      readonly tables: Readonly<Record<string, boolean>>;
      /** The sampled tables that the agent cannot read, with the reasons. */
      readonly unread?: Readonly<Record<string, string>>;
    }
  | FleetPresence;
