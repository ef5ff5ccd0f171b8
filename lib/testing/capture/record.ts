import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Observable, asyncScheduler, type TimestampProvider } from 'rxjs';
import type { NetlinkSocket, TraceEvent } from '../../socket/index.js';
import { KERNEL_ORIGIN } from '../../wire/index.js';
import type { CapturedDatagram } from './capture.js';

/** How to record. @public */
export interface RecordOptions {
  /**
   * Where the time comes from: milliseconds since 1970.
   * @defaultValue `asyncScheduler`: virtual within a TestScheduler's `run()`, else `Date.now()`
   */
  readonly clock?: TimestampProvider;
}

/**
 * Records what a socket sends and receives, until it is unsubscribed.
 *
 * It holds the socket open like any subscription, and copies: what it emits can be kept. Nothing but
 * reading is needed: no privileges, no nlmon.
 *
 * @example Ten seconds of link events into a file for Wireshark
 * ```ts
 * const datagrams = await lastValueFrom(record(socket).pipe(takeUntil(timer(10_000)), toArray()));
 * writeCapture('links.pcap', { datagrams });
 * ```
 * @public
 */
export function record(socket: NetlinkSocket, { clock = asyncScheduler }: RecordOptions = {}): Observable<CapturedDatagram> {
  return new Observable((subscriber) => {
    const { protocol } = socket;
    // All sockets share the channel.
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
