import type { IncomingHttpHeaders } from 'node:http';

/** The part of a request that decides about it. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The decision not to do what a request asks for. */
export interface Rejection {
  readonly do: 'refuse';
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns a decision not to do what a request asks for. */
export function refuse(status: number, text: string, headers?: Readonly<Record<string, string>>): Rejection {
  return { do: 'refuse', status, text, ...(headers && { headers }) };
}
