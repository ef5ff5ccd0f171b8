import { audit } from '../../../families/audit.js';
import { processEvents } from '../../../families/cn_proc.js';
import { uevents } from '../../../families/uevent.js';
import { OverrunError } from '../../../errors/index.js';
import { catchError, defer, finalize, map, merge, of, throwError, type Observable } from 'rxjs';
import type { Change, Lost } from '../event.js';

/** Options of the socket of a stream. */
interface SocketOptions {
  readonly netns?: string;
  readonly receiveBufferSize: number;
}

/** Events with their operations, and the function that closes their socket. */
interface Stream {
  readonly events: Observable<readonly [operation: string, value: object]>;
  readonly close?: () => void;
}

/** The topics whose messages have other forms than attributes, or that the kernel sends to sockets that ask for them. */
const STREAMS: Readonly<Record<string, (options: SocketOptions) => Stream>> = {
  devices: (options) => ({
    events: uevents(options).pipe(map((event) => [event.action, { ...event, environment: Object.fromEntries(event.environment) }])),
  }),
  audit: (options) => {
    const client = audit(options);
    return {
      events: client.records().pipe(map((record) => [`record-${String(record.type)}`, record])),
      close: () => {
        client.close();
      },
    };
  },
  processes: (options) => {
    const events = processEvents(options);
    return {
      events: events.pipe(map((event) => [String(event.what), event])),
      close: () => {
        events.close();
      },
    };
  },
};

/** Emits the events of devices, of the audit subsystem or of processes, and the losses in their place. */
export function textEvents(
  topic: string,
  { netns, receiveBufferSize }: { readonly netns: string | undefined; readonly receiveBufferSize: number },
): Observable<Change | Lost> {
  return defer(() => {
    const { events, close } = STREAMS[topic]!({ receiveBufferSize, ...(netns !== undefined && { netns }) });
    return events.pipe(
      map(([operation, value]): Change => ({ type: 'change', time: Date.now(), topic, operation, value: value as Change['value'] })),
      catchError((error: unknown, same: Observable<Change | Lost>) =>
        error instanceof OverrunError
          ? // In the same turn, so that the socket stays open.
            merge(of<Lost>({ type: 'lost', time: Date.now(), protocol: topic, datagrams: error.dropped }), same)
          : throwError(() => error),
      ),
      finalize(() => close?.()),
    );
  });
}
