/** What a peer may be measured at. */
export type Work = 'raw' | 'typed' | 'list' | 'sequential' | 'writes';

/** Another program that does the same work. */
export interface Peer {
  readonly name: string;
  readonly works: readonly Work[];
  /** What to type where it is not there. */
  readonly install: string;
  /** How many rounds it takes part in at most; slow ones in fewer. */
  readonly rounds?: number;
  /** It is so slow that it gets fewer routes: how many. */
  readonly routes?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Says which version is there; throws where it is not there. */
  readonly version: () => string;
  /** Builds it; returns how to start it. It answers each line on stdin with `nanoseconds count`. */
  readonly build: (args: readonly string[]) => string[];
}
