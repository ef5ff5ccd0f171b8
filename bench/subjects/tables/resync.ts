/*
 * Watches the IPv4 routes, and for each line on stdin prints the figures of three readings of them as JSON: `list` and `resync`, the times in
 * milliseconds of list() and of the reading after an overrun, `streamedDelay` and `resyncDelay`, the longest delays of the event loop in
 * milliseconds during dump() and during the reading after an overrun, and `differences`, the number of routes that the collection lost or gained.
 *
 * The process causes the overrun: it adds and deletes a route many times with requests that block, so that it does not read the events.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Subject, filter, firstValueFrom, lastValueFrom } from 'rxjs';
import { AddressFamily } from '../../../dist/index.js';
import { rtRoute } from '../../../dist/families/rt-route.js';
import type { LiveChange } from '../../../dist/live/index.js';
import { pause, reply } from '../../support/answer.js';
import { countOf } from '../dumps.js';
import { CREATE, RTM_DELROUTE, RTM_NEWROUTE, benchLink, routeRequests } from '../writes.js';

const ROUTES = { rtmFamily: AddressFamily.Inet };
/** More events than a receive queue of the default size holds. */
const PAIRS = 1000;

const client = rtRoute();
const lease = client.socket.connect();
const link = benchLink();
const delay = monitorEventLoopDelay({ resolution: 1 });

let differences = 0;
const changes = new Subject<LiveChange<object>>();
changes.subscribe(({ type }) => {
  if (type === 'added') differences++;
  else if (type === 'removed') differences--;
});
const synced = (): Promise<LiveChange<object>> => firstValueFrom(changes.pipe(filter(({ type }) => type === 'synced')));
const watching = client.watch('getroute', ROUTES).subscribe(changes);
await synced();

/** Makes events without reading them. */
function overflow(): void {
  const [add] = [...routeRequests(RTM_NEWROUTE, CREATE, 1, link)];
  const [remove] = [...routeRequests(RTM_DELROUTE, 0, 1, link)];
  for (let pair = 0; pair < PAIRS; pair++) {
    client.socket.requestSync(add!);
    client.socket.requestSync(remove!);
  }
}

/**
 * Returns the time of some work and the longest delay of the event loop during it, in milliseconds.
 *
 * @param prepare - Runs before the measurement begins, in the same turn of the event loop.
 */
async function during(work: () => Promise<unknown>, prepare = (): void => undefined): Promise<{ time: number; longest: number }> {
  await pause(5);
  prepare();
  delay.reset();
  delay.enable();
  const began = performance.now();
  await work();
  const time = performance.now() - began;
  // The histogram counts a delay when its timer expires afterwards.
  await pause(5);
  delay.disable();
  return { time, longest: delay.max / 1e6 };
}

/** Waits for the reading after an overrun. */
async function resync(): Promise<void> {
  const change = await synced();
  if (change.type === 'synced' && change.reason !== 'overrun') throw new Error(`resync: the reason is ${change.reason}; expected overrun`);
}

await reply(async () => {
  const { time: list } = await during(() => lastValueFrom(client.list('getroute', ROUTES)));
  const { longest: streamedDelay } = await during(() => countOf(client.dump('getroute', ROUTES)));
  differences = 0;
  const { time, longest: resyncDelay } = await during(resync, overflow);
  return JSON.stringify({ list, resync: time, streamedDelay, resyncDelay, differences });
});
watching.unsubscribe();
lease.unsubscribe();
