/** The kinds of work that a peer may do. */
export type Work =
  'raw' | 'typed' | 'list' | 'sequential' | 'writes' | 'sockets' | 'sockets-info' | 'packets-queue' | 'packets-log' | 'links';

/** Another program that does the same work. */
export interface Peer {
  readonly name: string;
  readonly works: readonly Work[];
  /** The command that installs it. */
  readonly install: string;
  /** The largest number of rounds; slow peers run in fewer. */
  readonly rounds?: number;
  /** The number of routes for a slow peer. */
  readonly routes?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Returns the installed version; throws if the peer is not installed. */
  readonly version: () => string;
  /** Builds the peer and returns the command that starts it. The program prints `nanoseconds count` for each line on stdin. */
  readonly build: (args: readonly string[]) => string[];
}
