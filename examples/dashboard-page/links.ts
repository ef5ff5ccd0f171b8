import { exhaustMap, map, pairwise, share, timer, type Observable } from 'rxjs';
import type { LiveChange } from 'rxnetlink';
import type { Address, Link, Network } from 'rxnetlink/network';

/** A link as the page shows it. */
export interface Row {
  readonly index: number;
  readonly name: string;
  readonly state: string;
  readonly mtu: number | undefined;
  readonly addresses: readonly string[];
}

/** The bytes per second that a link has received and sent, by its index. */
export type Rate = readonly [index: number, received: number, sent: number];

/** An event of the stream: all links, a link that is new or has changed, the index of a deleted link, or all rates. */
export type PageEvent =
  | { readonly name: 'all'; readonly data: readonly Row[] }
  | { readonly name: 'row'; readonly data: Row }
  | { readonly name: 'gone'; readonly data: number }
  | { readonly name: 'rates'; readonly data: readonly Rate[] };

/** Emits all links, then every change. Each subscriber begins with all links; the kernel is read once for all of them. */
export function linkEvents(net: Network): Observable<PageEvent> {
  return net.links.watch({ with: 'addresses' }).pipe(map(eventOf));
}

/**
 * Emits the rates of all links after each interval in milliseconds. The counters are read while there is a subscriber.
 *
 * @param clock - Returns milliseconds; a test has a clock of its own.
 */
export function rateEvents(net: Network, every: number, clock: () => number = () => performance.now()): Observable<PageEvent> {
  const readings = timer(0, every).pipe(
    exhaustMap(() => net.links.list({ with: 'statistics' })),
    map((links) => ({ at: clock(), links: new Map(links.map((link) => [link.index, link.statistics])) })),
  );
  return readings.pipe(
    pairwise(),
    map(([before, now]) => {
      const seconds = (now.at - before.at) / 1000;
      const rates = [...now.links].flatMap(([index, { rxBytes, txBytes }]): readonly Rate[] => {
        const earlier = before.links.get(index);
        if (earlier === undefined) return [];
        return [[index, perSecond(earlier.rxBytes, rxBytes, seconds), perSecond(earlier.txBytes, txBytes, seconds)]];
      });
      return { name: 'rates', data: rates } as const;
    }),
    share(),
  );
}

function eventOf(change: LiveChange<Link & { readonly addresses: readonly Address[] }>): PageEvent {
  switch (change.type) {
    case 'synced':
      return { name: 'all', data: change.entries.map(rowOf) };
    case 'removed':
      return { name: 'gone', data: change.value.index };
    default:
      return { name: 'row', data: rowOf(change.value) };
  }
}

function rowOf({ index, name, state, mtu, addresses }: Link & { readonly addresses: readonly Address[] }): Row {
  return { index, name, state: String(state), mtu, addresses: addresses.map(({ address }) => address) };
}

/** A driver that is reset counts from 0 again: the rate of this interval is not known. */
function perSecond(before: bigint, now: bigint, seconds: number): number {
  return now < before ? 0 : Math.round(Number(now - before) / seconds);
}
