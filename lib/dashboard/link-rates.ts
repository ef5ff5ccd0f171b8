import { catchError, exhaustMap, map, of, scan, timer, type Observable } from 'rxjs';
import type { Network } from '../network/index.js';
import type { Rate } from './protocol.js';

/** The time in milliseconds between two readings. */
const EVERY_MS = 1000;

/** The largest number of links whose rates are sent: the busiest ones. */
const LINKS = 300;

/** The bit of the 64-bit counters in a request of statistics (IFLA_STATS_LINK_64). */
const LINK_64 = 1;

interface Counters {
  readonly received: bigint;
  readonly sent: bigint;
}

/** The counters of all links by index, at a moment of the monotonic clock. */
interface Reading {
  readonly at: number;
  readonly counters: ReadonlyMap<number, Counters>;
  readonly rates: readonly Rate[];
}

const NOTHING: Reading = { at: 0, counters: new Map(), rates: [] };

/** Emits the rates of the links that move bytes, once a second: also if there are none, or if the counters cannot be read. */
export function linkRates({ clients: { link } }: Network): Observable<readonly Rate[]> {
  const read = link.list('getstats', { filterMask: LINK_64 }).pipe(
    map((rows) => ({
      at: performance.now(),
      counters: new Map(
        rows.map(({ ifindex, link64 }) => [ifindex, { received: link64?.rxBytes ?? 0n, sent: link64?.txBytes ?? 0n }] as const),
      ),
    })),
    catchError(() => of(NOTHING)),
  );
  return timer(0, EVERY_MS).pipe(
    exhaustMap(() => read),
    scan((before: Reading, { at, counters }) => ({ at, counters, rates: ratesOf(before, at, counters) }), NOTHING),
    map(({ rates }) => rates),
  );
}

function ratesOf(before: Reading, at: number, counters: Reading['counters']): readonly Rate[] {
  const seconds = (at - before.at) / 1000;
  const moving = [...counters].flatMap(([index, now]): readonly Rate[] => {
    const earlier = before.counters.get(index);
    if (earlier === undefined || seconds <= 0) return [];
    const received = growth(earlier.received, now.received, seconds);
    const sent = growth(earlier.sent, now.sent, seconds);
    return received === 0 && sent === 0 ? [] : [[String(index), received, sent]];
  });
  if (moving.length <= LINKS) return moving;
  return moving.sort(([, received, sent], [, otherReceived, otherSent]) => otherReceived + otherSent - received - sent).slice(0, LINKS);
}

/** Counters begin again when a driver is reset: then nothing is known of this second. */
function growth(before: bigint, now: bigint, seconds: number): number {
  return now < before ? 0 : Math.round(Number(now - before) / seconds);
}
