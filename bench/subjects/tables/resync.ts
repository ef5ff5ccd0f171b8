/*
 * Watches the IPv4 routes, and for each line on stdin prints the figures of three readings of them as JSON: `list` and `resync`, the times in
 * milliseconds of list() and of the reading after an overrun, `streamedDelay` and `resyncDelay`, the longest delays of the event loop in
 * milliseconds during dump() and during the reading after an overrun, and `differences`, the number of routes that the collection
 * lost and gained.
 *
 * The process causes the overrun: its receive queue is small, and it adds and deletes a route many times with requests that block, so that it does not read the events.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { connectable, filter, firstValueFrom, lastValueFrom, throwError, timeout, type ObservedValueOf } from 'rxjs';
import { AddressFamily } from '../../../dist/index.js';
import { rtRoute } from '../../../dist/families/rt-route.js';
import { pause, reply } from '../../support/answer.js';
import { countOf } from '../dumps.js';
import { CREATE, RTM_DELROUTE, RTM_NEWROUTE, benchLink, routeRequests } from '../writes.js';

const ROUTES = { rtmFamily: AddressFamily.Inet };
/** The kernel doubles it. An event needs more than 512 bytes of it. */
const RECEIVE_BUFFER_SIZE = 64 << 10;
/** More events than the receive queue holds. */
const PAIRS = 1000;
/** Milliseconds, more than a collection needs for a full table. */
const LONGEST = 30_000;

const client = rtRoute({ receiveBufferSize: RECEIVE_BUFFER_SIZE });
const lease = client.socket.connect();
const link = benchLink();
const delay = monitorEventLoopDelay({ resolution: 1 });

const changes = connectable(client.watch('getroute', ROUTES));
type Synced = Extract<ObservedValueOf<typeof changes>, { type: 'synced' }>;

/** Returns the next state of the collection that is consistent with the kernel. */
function synced(): Promise<Synced> {
  const late = new Error(`resync: the collection was not synced within ${LONGEST / 1000} s; expected an overrun and a new reading`);
  return firstValueFrom(
    changes.pipe(
      filter((change) => change.type === 'synced'),
      timeout({ first: LONGEST, with: () => throwError(() => late) }),
    ),
  );
}

const keysOf = ({ entries }: Synced): Set<string> =>
  new Set(entries.map(({ table, dst, rtmDstLen }) => `${table} ${dst ?? ''}/${rtmDstLen}`));

const first = synced();
const watching = changes.connect();
let before = keysOf(await first);

/** Returns the number of keys that are in only one of two sets. */
function countDifferences(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const missing = (from: ReadonlySet<string>, keys: ReadonlySet<string>): number => [...keys].filter((key) => !from.has(key)).length;
  return missing(one, other) + missing(other, one);
}

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
 * Returns the time of some work, the longest delay of the event loop during it, in milliseconds, and the result of the work.
 *
 * @param prepare - Runs before the measurement begins, in the same turn of the event loop.
 */
async function during<T>(work: () => Promise<T>, prepare = (): void => undefined): Promise<{ time: number; longest: number; result: T }> {
  await pause(5);
  prepare();
  delay.reset();
  delay.enable();
  const began = performance.now();
  const result = await work();
  const time = performance.now() - began;
  // The histogram counts a delay when its timer expires afterwards.
  await pause(5);
  delay.disable();
  return { time, longest: delay.max / 1e6, result };
}

/** Waits for the reading after an overrun. */
async function resync(): Promise<Synced> {
  const change = await synced();
  if (change.reason !== 'overrun') throw new Error(`resync: the reason is ${change.reason}; expected overrun`);
  return change;
}

await reply(async () => {
  const { time: list } = await during(() => lastValueFrom(client.list('getroute', ROUTES)));
  const { longest: streamedDelay } = await during(() => countOf(client.dump('getroute', ROUTES)));
  const { time, longest: resyncDelay, result } = await during(resync, overflow);
  const after = keysOf(result);
  const differences = countDifferences(before, after);
  before = after;
  return JSON.stringify({ list, resync: time, streamedDelay, resyncDelay, differences });
});
watching.unsubscribe();
lease.unsubscribe();
