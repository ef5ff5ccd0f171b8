/** An event of an agent. Tables have the names of the option `tables`. @public */
export type AgentEvent =
  /** The server and its streams are right, and the first beat is stored. The tables are read next. */
  | { readonly type: 'started'; readonly host: string; readonly epoch: string; readonly tables: readonly string[] }
  /** The kernel's table was read, for the first time or after a loss. */
  | { readonly type: 'synced'; readonly table: string; readonly entries: number }
  /**
   * A sampled table could not be read: readers take its rows for stale. The agent tries again at the next interval; `synced` follows. A reason is
   * reported once.
   */
  | { readonly type: 'unread'; readonly table: string; readonly reason: string }
  /** The server stored a batch of differences, or a snapshot. */
  | {
      readonly type: 'published';
      readonly table: string;
      /** Rows in the message. */
      readonly set: number;
      /** Removed rows in the message. */
      readonly del: number;
      /** The size of the message. */
      readonly bytes: number;
      readonly snapshot: boolean;
    }
  /** A row is larger than a message may be: readers do not have it. The others are published. */
  | {
      readonly type: 'skipped';
      readonly table: string;
      /** The key of the row. */
      readonly key: string;
      /** The name of the object, if it has one: that of a link. */
      readonly name: string | undefined;
      readonly bytes: number;
      readonly limit: number;
    }
  /**
   * The connection to the server is lost, or a stream does not exist that the account may not create. Changes of a table that was read are
   * collected until that ends; an agent that starts reads its tables afterwards.
   */
  | { readonly type: 'waiting'; readonly reason: string }
  /** The wait is over: the connection is back, or the streams exist. */
  | { readonly type: 'connected' }
  /** A message was not stored, or it is unknown if it was: the agent tries again. */
  | { readonly type: 'retrying'; readonly table: string; readonly reason: string; readonly attempt: number };
