import { distinctUntilChanged, exhaustMap, filter, map, merge, of, switchMap, timer, type Observable } from 'rxjs';
import type { Network } from 'rxnetlink/network';
import type { Uplink } from './config.js';
import type { Sign } from './judge.js';

/** The state of an uplink, as the kernel reports it. */
export interface Condition {
  /** The link is up and has the address: the kernel accepts routes over it. */
  readonly isUsable: boolean;
  readonly hasCarrier: boolean;
  /** The gateway did not answer the kernel, which has asked for its MAC address three times. */
  readonly isGatewayLost: boolean;
}

/** Emits the conditions of the uplinks, and again when one of them changes. */
export function watchConditions(net: Network, uplinks: readonly Uplink[]): Observable<readonly Condition[]> {
  return net.view({ links: true, addresses: true, neighbours: { state: 'failed' } }).pipe(
    map(({ links, addresses, neighbours }) =>
      uplinks.map(({ link: name, source, via }) => {
        const link = links.get(name);
        const hasSource = [...addresses.values()].some((each) => each.link === name && each.address.split('/')[0] === source);
        return {
          isUsable: link?.up === true && hasSource,
          hasCarrier: link?.carrier === true,
          isGatewayLost: [...neighbours.values()].some((each) => each.link === name && each.address === via),
        };
      }),
    ),
    distinctUntilChanged((before, now) => JSON.stringify(before) === JSON.stringify(now)),
  );
}

/**
 * Emits the signs of one uplink.
 *
 * Probes are sent while the link can carry them. They continue when the gateway is lost: they make the kernel ask for it again.
 *
 * @param every - The time in milliseconds between two probes. One that waits longer delays the next.
 */
export function signsOf(condition: Observable<Condition>, probe: Observable<boolean>, every: number): Observable<Sign> {
  const probes = timer(0, every).pipe(
    exhaustMap(() => probe),
    map((isAnswered) => (isAnswered ? 'answered' : 'missed')),
  );
  const isReady = condition.pipe(
    map(({ isUsable, hasCarrier }) => isUsable && hasCarrier),
    distinctUntilChanged(),
  );
  const isGatewayLost = condition.pipe(
    map((each) => each.isGatewayLost),
    distinctUntilChanged(),
  );
  return merge(
    isReady.pipe(switchMap((ready) => (ready ? probes : of('lost' as const)))),
    isGatewayLost.pipe(
      filter((isLost) => isLost),
      map(() => 'lost' as const),
    ),
  );
}
