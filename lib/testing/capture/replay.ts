import { Observable, asyncScheduler, type SchedulerLike } from 'rxjs';
import type { Datagram } from '../../wire/index.js';
import { captureOf, type Capture, type CapturedDatagram } from './capture.js';

/** How to replay. @public */
export interface ReplayOptions {
  /**
   * How much faster than it was recorded; `Infinity` delivers everything at once.
   * @defaultValue 1
   */
  readonly speed?: number;
  /**
   * Whose time it is. The default is driven by a TestScheduler's virtual time within `run()`, and real outside.
   * @defaultValue `asyncScheduler`
   */
  readonly scheduler?: SchedulerLike;
}

/**
 * Emits what was received, as `socket.datagrams` did when it was recorded, with the recorded timing.
 *
 * The first datagram of the capture, sent or received, is time zero. For what needs a whole socket - requests, groups - there is
 * {@link replayKernel}.
 *
 * ```text
 * capture:  > at 0 ms, < at 2 ms, < at 6 ms
 *           replay(capture, { speed: 2 })
 * result:   -a-(b|)
 * ```
 *
 * @param source - A file as {@link readCapture} takes it, or a capture: what {@link record} emitted.
 * @throws RangeError if the speed is not above 0.
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

/** When each datagram is due, in milliseconds from the first. @internal */
export function timeline({ datagrams }: Capture, speed: number): { readonly due: number; readonly datagram: CapturedDatagram }[] {
  if (!(speed > 0)) throw new RangeError(`speed: ${speed} is not above 0`);
  const start = datagrams[0]?.time ?? 0;
  return datagrams.map((datagram) => ({ due: (datagram.time - start) / speed, datagram }));
}

/** Leaves out what only a capture knows. */
function toDatagram({ bytes, sender, group, nsid, unsure }: CapturedDatagram): Datagram {
  return { bytes, sender, group, ...(nsid === undefined ? {} : { nsid }), ...(unsure === undefined ? {} : { unsure }) };
}
