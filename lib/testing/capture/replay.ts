import { Observable, asyncScheduler, type SchedulerLike } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import type { Datagram } from '../../wire/index.js';
import type { Capture, CapturedDatagram } from './capture.js';
import { captureOf } from './capture-file.js';

/** The options of a replay. @public */
export interface ReplayOptions {
  /**
   * The factor of the speed; `Infinity` delivers everything at once.
   * @defaultValue 1
   */
  readonly speed?: number;
  /**
   * The source of time. The default uses the virtual time of a TestScheduler within `run()`, and real time outside.
   * @defaultValue `asyncScheduler`
   */
  readonly scheduler?: SchedulerLike;
}

/**
 * Emits the received datagrams of a capture with the recorded timing, as `socket.datagrams` did.
 *
 * Time zero is the first datagram of the capture, sent or received. To replay requests and groups, use {@link replayKernel}.
 *
 * ```text
 * capture:  > at 0 ms, < at 2 ms, < at 6 ms
 *           replay(capture, { speed: 2 })
 * result:   -a-(b|)
 * ```
 *
 * @param source - The name of a file for {@link readCapture}, or a capture with the datagrams of {@link record}.
 * @throws RangeError if the speed is not a positive number.
 * @public
 */
export function replay(
  source: Capture | string | URL,
  { speed = 1, scheduler = asyncScheduler }: ReplayOptions = {},
): Observable<Datagram> {
  const received = timeline(captureOf(source), speed).filter(({ datagram }) => datagram.direction === 'received');
  return new Observable((subscriber) => {
    const began = scheduler.now();
    let next = 0;
    const go = (): void => {
      for (let item = received[next]; item !== undefined; item = received[next]) {
        if (subscriber.closed) return;
        const delay = item.due - (scheduler.now() - began);
        if (delay > 0) {
          subscriber.add(scheduler.schedule(go, delay));
          return;
        }
        next += 1;
        subscriber.next(toDatagram(item.datagram));
      }
      subscriber.complete();
    };
    go();
  });
}

/** Returns the datagrams with their time in milliseconds from the first one, divided by the speed. @internal */
export function timeline({ datagrams }: Capture, speed: number): { readonly due: number; readonly datagram: CapturedDatagram }[] {
  if (!(speed > 0)) throw new RangeError(`replay: option speed must be a positive number, not ${speed}`);
  const start = datagrams[0]?.time ?? 0;
  return datagrams.map((datagram) => ({ due: (datagram.time - start) / speed, datagram }));
}

/** Returns a datagram without the properties that only a capture has. */
function toDatagram({ bytes, sender, group, nsid, unsure }: CapturedDatagram): Datagram {
  return { bytes, sender, group, ...omitUndefined({ nsid, unsure }) };
}
