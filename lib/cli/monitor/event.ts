/** A message of the kernel, decoded. */
export interface Change {
  readonly type: 'change';
  /** The time of its arrival in milliseconds since 1970: the kernel does not write one into most messages. */
  readonly time: number;
  readonly topic: string;
  readonly operation: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Flags of a new object: it was created, replaces one, or stands behind others (NLM_F_CREATE, NLM_F_REPLACE, NLM_F_APPEND). */
  readonly created?: true;
  readonly replaced?: true;
  readonly appended?: true;
  /** The port ID of the socket that asked for the change; absent if the kernel made the change itself or does not report the socket. */
  readonly port?: number;
  /** The number of another network namespace that the message is about. */
  readonly nsid?: number;
}

/** Messages that the kernel dropped, because the receive queue was full. */
export interface Lost {
  readonly type: 'lost';
  readonly time: number;
  /** The protocol in words: messages of one protocol have a common queue. */
  readonly protocol: string;
  /** The number of datagrams; 0 if it is not known. */
  readonly datagrams: number;
}

/** A state of the monitor that was read again after a loss. */
export interface Resynced {
  readonly type: 'resynced';
  readonly time: number;
  readonly links: number;
}

/** The first event: from now on nothing is missed. */
export interface Listening {
  readonly type: 'listening';
  readonly time: number;
}

export type MonitorEvent = Change | Lost | Resynced | Listening;
