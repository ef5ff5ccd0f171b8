import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Observable, asyncScheduler, type TimestampProvider } from 'rxjs';
import type { NetlinkSocket, TraceEvent } from '../../socket/index.js';
import { KERNEL_ORIGIN } from '../../wire/index.js';
import type { CapturedDatagram } from './capture.js';

/** The options of a recording. @public */
export interface RecordOptions {
  /**
   * The source of time in milliseconds since 1970.
   * @defaultValue `asyncScheduler`: virtual within a TestScheduler's `run()`, else `Date.now()`
   */
  readonly clock?: TimestampProvider;
}

/**
 * Records the datagrams that a socket sends and receives, until it is unsubscribed.
 *
 * It holds the socket open like every subscription. The emitted datagrams are copies, so they can be kept. It needs no privileges
 * and no nlmon interface.
 *
 * @example Write ten seconds of link events to a file for Wireshark
 * ```ts
 * const datagrams = await lastValueFrom(record(socket).pipe(takeUntil(timer(10_000)), toArray()));
 * writeCapture('links.pcap', { datagrams });
 * ```
 * @public
 */
export function record(socket: NetlinkSocket, { clock = asyncScheduler }: RecordOptions = {}): Observable<CapturedDatagram> {
  return new Observable((subscriber) => {
    const { protocol } = socket;
    // All sockets publish on the same channel.
    const onSend = (event: unknown): void => {
      const { message, portId, protocol: sender } = event as TraceEvent;
      if (message === undefined || !socket.isOpen || portId !== socket.portId || sender !== protocol) return;
      subscriber.next({ ...KERNEL_ORIGIN, bytes: new Uint8Array(message.frame.bytes), time: clock.now(), direction: 'sent', protocol });
    };
    subscribe('rxnetlink:send', onSend);
    subscriber.add(() => unsubscribe('rxnetlink:send', onSend));
    subscriber.add(
      socket.datagrams.subscribe({
        next: (datagram) => {
          subscriber.next({ ...datagram, bytes: new Uint8Array(datagram.bytes), time: clock.now(), direction: 'received', protocol });
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      }),
    );
  });
}
